"""A very old phone: PyPI's aiosip 0.2.0, made to import on today's Python.

Its digest is that of RFC 2069: it gives our qop back and then answers without nc and cnonce. Shimmed here,
and nowhere else: `asyncio.coroutine` and `collections.MutableMapping`, gone from Python, while it is
imported; and its repeated request, which it sends in the transaction of the first one.
"""

from __future__ import annotations

import asyncio
import collections
import inspect
import types
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from tests.support.peers import need_module
from tests.support.ports import free_port


def _coroutine(function: Callable[..., Any]) -> Callable[..., Any]:
    """What `asyncio.coroutine` was, for generators and for plain functions."""
    if inspect.isgeneratorfunction(function):
        return types.coroutine(function)

    async def wrapped(*args: Any, **more: Any) -> Any:
        return function(*args, **more)

    return wrapped


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Give Python back, for a moment, what aiosip imports."""
    assert not hasattr(asyncio, "coroutine")
    asyncio.coroutine = _coroutine  # type: ignore[attr-defined]
    collections.MutableMapping = collections.abc.MutableMapping  # type: ignore[attr-defined]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del asyncio.coroutine  # type: ignore[attr-defined]
        del collections.MutableMapping  # type: ignore[attr-defined]


def load() -> Any:
    """The package, or what `need_module` says where there is none."""
    with _as_it_was():
        return need_module("aiosip")


class OldPhone:
    """A phone on one UDP socket that can do no more than register."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog

    async def register(self, seconds: float = 5.0, expires: int = 360) -> Any:
        """Register; the final response, or aiosip's `RegisterFailed` when it gives up."""
        self._dialog.register_current_attempt = None
        async with asyncio.timeout(seconds):
            return await self._dialog.register(expires=expires)


@asynccontextmanager
async def old_phone(user: str, site: str, secret: str, server: tuple[str, int]) -> AsyncIterator[OldPhone]:
    """A phone of `user` that speaks to `server`."""
    aiosip = load()

    class Dialog(aiosip.Dialog):  # type: ignore[misc, name-defined]
        """Begins a new transaction with each request."""

        def send_message(self, *args: Any, headers: Any = None, **more: Any) -> Any:
            if headers is not None:
                headers.pop("Via", None)
            return super().send_message(*args, headers=headers, **more)

    app = aiosip.Application(loop=asyncio.get_running_loop())
    local = ("127.0.0.1", free_port("udp"))
    dialog = await app.start_dialog(
        from_uri=f"sip:{user}@{site}",
        to_uri=f"sip:{user}@{site}",
        contact_uri=f"sip:{user}@{local[0]}:{local[1]}",
        local_addr=local,
        remote_addr=server,
        password=secret,
        dialog=Dialog,
    )
    try:
        yield OldPhone(dialog)
    finally:
        for transport in app._transports.values():
            transport.abort()

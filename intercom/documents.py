"""Fetches what a door keeps for the time without a network, directory and papers, by HTTPS with ETag."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, StreamReader

from intercom.store import Keeper

AGAIN_SECONDS = 300.0
RETRY_SECONDS = 15.0
LOOK_SECONDS = 2.0
"""Whoever stands before the screen waits so long for a directory that may be newer."""

SECRET, NOTHING = ("passes",), "{}"
MOST_BYTES = 8 * 1024 * 1024
_log = logging.getLogger(__name__)


def device_token(site: str, device: str, username: str, secret: str) -> str:
    """The token by which a device asks by HTTP; `pbx/auth/bearer.py` says what it is made of."""
    ha1 = hashlib.md5(f"{username}:{site}:{secret}".encode(), usedforsecurity=False).hexdigest()
    proof = hmac.new(ha1.encode(), b"doorline bearer", "sha256").hexdigest()
    return f"{site};{device};{proof}"


class Documents:
    """Keeps copies of `urls` (name -> address) in the store. `told` gets each body that is new, and those of
    before at the start; and `NOTHING` for one in `SECRET` when the server knows us no more."""

    def __init__(
        self,
        urls: Mapping[str, str],
        token: str,
        ca_file: Path | None,
        keeper: Keeper,
        told: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._urls, self._token, self._ca_file = urls, token, ca_file
        self._keeper, self._told = keeper, told
        self._context: ssl.SSLContext | None = None
        self._nudged = asyncio.Event()
        self._etags: dict[str, str] = {}
        self._waiting: list[asyncio.Event] = []

    async def _recall(self) -> None:
        for name in self._urls:
            self._etags[name], body = self._keeper.store.document(name)
            if body:
                await self._told(name, body)

    def nudge(self) -> None:
        """Look now."""
        self._nudged.set()

    async def look(self) -> None:
        """Look now, and wait until that is done, but not long: what is kept is better than nothing."""
        done = asyncio.Event()
        self._waiting.append(done)
        self.nudge()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await done.wait()

    async def run(self) -> None:
        """Hand out what was fetched before, then look now and then, until cancelled."""
        await self._recall()
        headers = {"Authorization": f"Bearer {self._token}"}
        async with ClientSession(timeout=ClientTimeout(total=20), headers=headers) as client:
            while True:
                waiting, self._waiting = self._waiting, []
                results = [await self._try(client, name, url) for name, url in self._urls.items()]
                for each in waiting:
                    each.set()
                try:
                    async with asyncio.timeout(AGAIN_SECONDS if all(results) else RETRY_SECONDS):
                        await self._nudged.wait()
                except TimeoutError:
                    pass
                self._nudged.clear()

    async def _try(self, client: ClientSession, name: str, url: str) -> bool:
        """Whatever a server sends or a file lacks: doors do not depend on it."""
        try:
            return await self._fetch(client, name, url)
        except Exception:
            _log.exception("%s cannot be fetched", name)
            return False

    def _tls(self) -> ssl.SSLContext | bool:
        if self._context is None and self._ca_file is not None:
            self._context = ssl.create_default_context(cafile=self._ca_file)
        return self._context or True

    async def _fetch(self, client: ClientSession, name: str, url: str) -> bool:
        headers = {"If-None-Match": self._etags[name]} if self._etags.get(name) else {}
        try:
            async with client.get(url, headers=headers, ssl=self._tls(), allow_redirects=False) as answer:
                if answer.status == 304:
                    return True
                if answer.status in (401, 403):
                    await self._lose(name)
                if answer.status != 200:
                    _log.warning("%s: %d", name, answer.status)
                    return False
                content = await _whole(answer.content)
                etag = answer.headers.get("ETag", "")
        except (ClientError, OSError, TimeoutError) as fault:
            _log.info("%s cannot be fetched: %s", name, type(fault).__name__)
            return False
        try:
            body = content.decode()
            json.loads(body)
        except (ValueError, RecursionError):
            _log.warning("%s is no JSON, or longer than %d bytes", name, MOST_BYTES)
            return False
        await self._keeper.do(lambda: self._keeper.store.keep_document(name, etag, body), None)
        self._etags[name] = etag
        await self._told(name, body)
        return True

    async def _lose(self, name: str) -> None:
        """We are known no more: what opens doors is not kept. Names are no secret of ours."""
        if name in SECRET and self._etags.get(name):
            self._etags[name] = ""
            await self._keeper.do(lambda: self._keeper.store.keep_document(name, "", NOTHING), None)
            await self._told(name, NOTHING)


async def _whole(content: StreamReader) -> bytes:
    """All of it, or too much of it to be JSON any more."""
    found = bytearray()
    async for piece in content.iter_any():
        found += piece
        if len(found) > MOST_BYTES:
            return b""
    return bytes(found)

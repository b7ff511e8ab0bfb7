"""Pictures developed in a process of its own, and what happens when that fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from media import darkroom
from media.darkroom import Darkroom
from tests.media.test_develop import key_picture, size_of

pytest.importorskip("av")


@asynccontextmanager
async def room() -> AsyncIterator[Darkroom]:
    one = Darkroom()
    try:
        yield one
    finally:
        await one.close()


async def ask(one: Darkroom, data: bytes, codec: str = "h264") -> bytes | None:
    made: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
    one.develop(codec, data, made.set_result)
    return await asyncio.wait_for(made, 20)


@pytest.mark.peer
async def test_a_picture_takes_some_milliseconds_once_it_is_warm() -> None:
    picture = key_picture()
    async with room() as one:
        assert size_of(await ask(one, picture) or b"") == (640, 480)
        took = []
        for _ in range(10):
            begun = time.monotonic()
            await ask(one, picture)
            took.append(time.monotonic() - begun)
        assert min(took) < 0.05   # 6 ms on a quiet machine


async def test_no_picture_is_none_and_the_next_one_is_served() -> None:
    async with room() as one:
        assert await ask(one, b"rubbish") is None
        assert await ask(one, b"") is None
        assert await ask(one, b"more rubbish") is None


async def test_one_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkroom, "_SMALLEST_PAUSE", 0.01)
    async with room() as one:
        await ask(one, b"rubbish")
        monkeypatch.setattr(darkroom, "_SECONDS", 0.0)
        assert await ask(one, b"rubbish") is None
        monkeypatch.setattr(darkroom, "_SECONDS", 20.0)
        assert await ask(one, b"rubbish") is None


async def test_a_fault_of_who_waits_and_a_full_room_stop_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with room() as one:
        one.develop("h264", b"rubbish", lambda _: [].index(1))  # type: ignore[arg-type]
        assert await ask(one, b"rubbish") is None
        monkeypatch.setattr(darkroom, "_MOST_WAITING", 0)
        assert await ask(one, b"rubbish") is None


async def test_who_still_waits_at_the_end_gets_nothing() -> None:
    got: list[bytes | None] = []
    async with room() as one:
        one.develop("h264", b"rubbish", got.append)
        one.develop("h264", b"rubbish", got.append)
    one.develop("h264", b"rubbish", got.append)
    one.warm()
    assert got == [None, None, None]

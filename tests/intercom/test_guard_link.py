"""The agent's side of the guard, with real guard processes."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from intercom.guard_link import GuardLink, deadline_ns
from tests.support.guard import SETTINGS


class Listener:
    """What an agent would hear."""

    def __init__(self, path: Path) -> None:
        self.heard: asyncio.Queue[Mapping[str, Any] | str | None] = asyncio.Queue()
        self.link = GuardLink(
            path,
            on_answer=self.heard.put_nowait,
            on_button=self.heard.put_nowait,
            on_lost=lambda: self.heard.put_nowait(None),
        )

    async def next(self) -> Mapping[str, Any] | str | None:
        async with asyncio.timeout(20):
            return await self.heard.get()

    async def pulse(self, id: str = "x", relay: str = "gate") -> Mapping[str, Any]:
        """A pulse's answer; the first packets wait in the socket until the guard has started."""
        async with asyncio.timeout(20):
            while not self.link.pulse(id, relay, 300, time.monotonic_ns() + 10**10):
                await asyncio.sleep(0.01)
        found = await self.next()
        assert isinstance(found, Mapping)
        return found


@asynccontextmanager
async def linked(tmp_path: Path, settings: str = SETTINGS) -> AsyncIterator[Listener]:
    path = tmp_path / "intercom.toml"
    path.write_text(settings)
    listener = Listener(path)
    running = asyncio.get_running_loop().create_task(listener.link.run())
    try:
        yield listener
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_pulse_and_its_answer(tmp_path: Path) -> None:
    async with linked(tmp_path) as listener:
        answer = await listener.pulse()
        assert (answer["id"], answer["result"], answer["left_ms"]) == ("x", "on", 300)
        assert (await listener.pulse(relay="other"))["reason"] == "relay"


async def test_a_button(tmp_path: Path) -> None:
    async with linked(tmp_path) as listener:
        await listener.pulse()
        assert listener.link.press("first")
        heard = [await listener.next(), await listener.next()]
        assert "first" in heard


async def test_a_killed_guard_is_told_and_replaced_at_once(tmp_path: Path) -> None:
    async with linked(tmp_path) as listener:
        await listener.pulse()
        assert listener.link.pid is not None
        os.kill(listener.link.pid, signal.SIGKILL)
        assert await listener.next() is None
        assert (await listener.pulse())["result"] == "on"
        assert listener.link.starts == 2


async def test_a_hung_guard_is_killed(tmp_path: Path) -> None:
    async with linked(tmp_path) as listener:
        await listener.pulse()
        assert listener.link.pid is not None
        os.kill(listener.link.pid, signal.SIGSTOP)
        assert await listener.next() is None
        assert (await listener.pulse())["result"] == "on"


async def test_a_guard_that_cannot_start_is_tried_with_pauses(tmp_path: Path) -> None:
    async with linked(tmp_path, "[relays.gate]\npin = 99\n") as listener:
        started = time.monotonic()
        for _ in range(3):
            assert await listener.next() is None
        assert listener.link.starts == 3
        assert time.monotonic() - started > 0.5
        assert not listener.link.pulse("x", "gate", 300, 2**62) or listener.link.pid is not None


async def test_when_the_link_ends_its_guard_has_ended(tmp_path: Path) -> None:
    async with linked(tmp_path) as listener:
        await listener.pulse()
        pid = listener.link.pid
    assert pid is not None and not Path(f"/proc/{pid}").exists()
    assert not listener.link.pulse("x", "gate", 300, 2**62)


def test_a_deadline_in_the_nanoseconds_both_share() -> None:
    before = time.monotonic_ns()
    assert before + 2_000_000_000 <= deadline_ns(7.0, 5.0) <= time.monotonic_ns() + 2_000_000_000

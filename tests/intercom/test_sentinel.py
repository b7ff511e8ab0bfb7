"""systemd hears of the start, of a loop that turns, and of the end; nobody else hears anything."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from intercom.sentinel import Sentinel


async def test_it_says_that_the_loop_turns(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}
        running = loop.create_task(Sentinel(told).run())
        async with asyncio.timeout(30):
            heard = [await loop.sock_recv(systemd, 64) for _ in range(4)]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert heard == [b"READY=1", *[b"WATCHDOG=1"] * 3]
        async with asyncio.timeout(30):
            while (last := await loop.sock_recv(systemd, 64)) == b"WATCHDOG=1":
                continue
        assert last == b"STOPPING=1"


async def test_without_a_watch_it_is_ready_and_waits(tmp_path: Path) -> None:
    running = asyncio.get_running_loop().create_task(Sentinel({"NOTIFY_SOCKET": "@nobody-here"}).run())
    await asyncio.sleep(0)
    assert not running.done(), "a systemd that does not listen ends nothing"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_without_systemd_it_is_nothing() -> None:
    await Sentinel({}).run()

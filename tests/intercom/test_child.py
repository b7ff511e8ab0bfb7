"""A child at the end of a socket, with small programs of Python as children."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from intercom.child import Child

ECHO = """
import json, socket
agent = socket.socket(fileno=0)
while packet := agent.recv(8192):
    agent.send(b"no object" if b"rubbish" in packet else packet)
"""
LATE = """
import socket, time
agent = socket.socket(fileno=0)
time.sleep(2.5)
agent.send(b'{"word": "here"}')
time.sleep(60)
"""
DEAF = "import time; time.sleep(60)"


@asynccontextmanager
async def child(program: str, starting: int = 20) -> AsyncIterator[tuple[Child, asyncio.Queue[Any]]]:
    heard: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()

    def take(fields: Mapping[str, Any]) -> None:
        if fields.get("do") != "ping":
            heard.put_nowait(fields)

    command, lost = (sys.executable, "-c", program), lambda: heard.put_nowait(None)
    made = Child("child", command, take, lost, patience=1, starting=starting)
    running = asyncio.get_running_loop().create_task(made.run())
    try:
        async with asyncio.timeout(50):
            while made.pid is None:
                await asyncio.sleep(0.01)
        yield made, heard
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_it_is_spoken_to() -> None:
    async with child(ECHO) as (made, heard), asyncio.timeout(50):
        assert made.send({"do": "rubbish"}) and made.send({"do": "say", "word": "æ"})
        assert await heard.get() == {"do": "say", "word": "æ"}
        pid = made.pid
    assert made.pid is None and not made.send({"do": "say"})
    assert pid is not None and not os.path.exists(f"/proc/{pid}/exe"), "it has ended"


async def test_a_killed_one_is_told_and_replaced() -> None:
    async with child(ECHO) as (made, heard), asyncio.timeout(50):
        assert made.pid is not None
        os.kill(made.pid, signal.SIGKILL)
        assert await heard.get() is None
        while made.starts < 2 or not made.send({"do": "say"}):
            await asyncio.sleep(0.01)
        assert await heard.get() == {"do": "say"}


async def test_one_that_hangs_is_killed() -> None:
    async with child(DEAF, starting=1) as (_, heard), asyncio.timeout(50):
        assert await heard.get() is None


async def test_one_that_begins_late_and_hangs_later_is_killed_then() -> None:
    async with child(LATE) as (_, heard), asyncio.timeout(50):
        assert await heard.get() == {"word": "here"}, "not killed before"
        assert await heard.get() is None


async def test_one_that_does_not_end_is_killed() -> None:
    async with child(DEAF) as (made, _):
        pid = made.pid
    assert not os.path.exists(f"/proc/{pid}/exe")


async def test_it_has_ended_however_often_we_are_cancelled() -> None:
    made = Child("child", (sys.executable, "-c", DEAF), lambda fields: None, lambda: None)
    running = asyncio.get_running_loop().create_task(made.run())
    async with asyncio.timeout(50):
        while (pid := made.pid) is None:
            await asyncio.sleep(0)
        while not running.done():
            running.cancel()
            await asyncio.sleep(0.05)
    assert not os.path.exists(f"/proc/{pid}/exe")

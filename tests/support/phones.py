"""PJSIP phones for scenarios: each a process, awaited by what it says."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.sound import RATE, WAV_HEADER, tone_share

Event = dict[str, Any]


class Phone:
    """A running `tests.peers.pjsua_phone`; every event it ever said stays in `log`."""

    def __init__(self, process: asyncio.subprocess.Process, name: str, record: Path) -> None:
        self.process = process
        self.name = name
        self.record = record
        self.log: list[Event] = []
        self._news = asyncio.Event()

    def do(self, verb: str, **arguments: Any) -> None:
        """Give a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": verb, **arguments}).encode() + b"\n")

    async def read(self) -> None:
        """Collect events until the process closes its output."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            if line.startswith(b"{"):
                self.log.append(json.loads(line))
                self._news.set()

    async def expect(self, event: str, *, seconds: float = 20.0, after: int = 0, **fields: Any) -> Event:
        """Wait for an event with these fields (from index `after` of the log on) and return it."""

        def fits(entry: Event) -> bool:
            return entry["event"] == event and all(entry.get(key) == value for key, value in fields.items())

        return await self.find(fits, seconds, f"{event} {fields}", after)

    async def find(self, fits: Callable[[Event], bool], seconds: float, what: str, after: int = 0) -> Event:
        """Wait for the first event that fits."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for entry in self.log[after:]:
                        if fits(entry):
                            return entry
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{self.name}: no {what} within {seconds} s; said {self.said()}") from None

    def said(self) -> list[str]:
        """The log, short."""
        kinds = ("state", "code", "status", "text")
        last = self.log[-30:]
        return [f"{e['event']}:{next((str(e[kind])[:80] for kind in kinds if kind in e), '')}" for e in last]

    def saw(self, event: str, **fields: Any) -> bool:
        """True when such an event is in the log."""
        said = (entry for entry in self.log if entry["event"] == event)
        return any(all(entry.get(key) == value for key, value in fields.items()) for entry in said)

    async def register(self, user: str, domain: str, secret: str, server: str, **more: Any) -> None:
        """Register and wait for the 200."""
        self.do("register", user=user, domain=domain, secret=secret, server=server, **more)
        await self.expect("registration", code=200)

    async def confirmed(self, seconds: float = 20.0) -> Event:
        """Wait until a call is up."""
        return await self.expect("state", state="CONFIRMED", seconds=seconds)

    async def disconnected(self, seconds: float = 20.0) -> Event:
        """Wait until a call is over; the event carries `code` and `reason`."""
        return await self.expect("state", state="DISCONNECTED", seconds=seconds)

    async def hears(self, hertz: float, seconds: float = 15.0) -> bool:
        """True as soon as what this phone hears from now on is that tone; False after `seconds`."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        begin = self.record.stat().st_size
        while loop.time() < until:
            await asyncio.sleep(0.2)
            fresh = self.record.read_bytes()[max(begin, WAV_HEADER) :]
            if len(fresh) >= RATE and tone_share(fresh[-RATE:], hertz) > 0.5:  # half a second of it
                return True
        return False


@asynccontextmanager
async def phone(scratch: Path, name: str, *options: str, tone: float = 0.0) -> AsyncIterator[Phone]:
    """Start a phone; it is ended at once when the test is done with it (PJSIP takes a second to leave)."""
    record = scratch / f"{name}.wav"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.peers.pjsua_phone",
        "--scratch",
        str(scratch),
        "--record",
        str(record),
        "--tone",
        str(tone),
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20,
    )
    running = Phone(process, name, record)
    async with asyncio.TaskGroup() as group:
        group.create_task(running.read())
        try:
            await running.expect("ready")
            yield running
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask to quit by closing stdin, then insist."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(4):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

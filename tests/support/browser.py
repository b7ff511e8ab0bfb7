"""A resident's app, or a panel, as a page in Chromium; a phone in all but how it is started."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.peers import need, peers_required
from tests.support.phones import Event, Phone, stop
from tests.support.ports import free_port
from tests.support.system import ROOT, System

PROGRAM = ROOT / "tests/peers/browser/phone.mjs"


class Browser(Phone):
    """A running page. `origin` is its web origin, to be allowed by the PBX."""

    origin = ""

    async def sign_in(self, doorline: System, site: str, device: str) -> None:
        """Register by the PBX's WebSocket."""
        url = f"ws://127.0.0.1:{doorline.http}/ws"
        secret = doorline.secrets[site, device]
        self.do("register", user=device, domain=site, secret=secret, url=url)
        await self.expect("registered")

    async def stats(self) -> Event:
        """framesDecoded, loudest (hertz) and more, now."""
        after = len(self.log)
        self.do("stats")
        return await self.expect("stats", after=after)

    async def sees(self, frames: int, seconds: float = 10.0) -> bool:
        """True as soon as so many more pictures have been decoded."""
        begin = (await self.stats())["framesDecoded"]
        return await self._until(lambda now: now["framesDecoded"] >= begin + frames, seconds)

    async def hears_tone(self, hertz: float, seconds: float = 8.0) -> bool:
        """True as soon as the loudest of what it hears is that tone."""
        return await self._until(lambda now: abs(now["loudest"] - hertz) < 15, seconds)

    async def _until(self, fits: Callable[[Event], bool], seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            if fits(await self.stats()):
                return True
            await asyncio.sleep(0.2)
        return False


def origin_of(port: int) -> str:
    """The web origin of a page on that port."""
    return f"http://127.0.0.1:{port}"


@asynccontextmanager
async def browser(
    scratch: Path, name: str, *, port: int = 0, tone: Path | None = None
) -> AsyncIterator[Browser]:
    """Start Chromium with the page on `port`; its microphone plays `tone`, its camera is Chromium's own."""
    node, chromium = need("node"), need("chromium")
    if not (PROGRAM.parent / "node_modules/playwright-core").is_dir():
        why = "peer package playwright-core is not installed (make peers)"
        pytest.fail(why) if peers_required() else pytest.skip(why)
    port = port or free_port()
    more = ["--tone", str(tone)] if tone is not None else []
    process = await asyncio.create_subprocess_exec(
        node,
        str(PROGRAM),
        "--browser",
        chromium,
        "--port",
        str(port),
        *more,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20,
    )
    running = Browser(process, name, scratch / f"{name}.wav")
    running.origin = origin_of(port)
    async with asyncio.TaskGroup() as group:
        group.create_task(running.read())
        try:
            await running.expect("ready", seconds=20)
            yield running
        finally:
            await stop(process)

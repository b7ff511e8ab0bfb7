"""Residents' apps, or panels, as pages in one Chromium; phones in all but how they are started."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.peers import missing, need
from tests.support.phones import Event, Phone, stop
from tests.support.ports import free_port
from tests.support.system import ROOT, System

PROGRAM = ROOT / "tests/peers/browser/phone.mjs"


class Browser(Phone):
    """A running page. `origin` is its web origin, to be allowed by the PBX."""

    origin = ""
    page = 0

    def do(self, verb: str, **arguments: Any) -> None:
        """Give a command to this page."""
        super().do(verb, page=self.page, **arguments)

    def heard(self, entry: Event) -> None:
        """One more event of this page."""
        self.log.append(entry)
        self._news.set()

    async def sign_in(self, doorline: System, site: str, device: str, hertz: float = 0.0) -> None:
        """Register by the PBX's WebSocket. `hertz`: the page's microphone is this tone."""
        url = f"ws://127.0.0.1:{doorline.http}/ws"
        secret = doorline.secrets[site, device]
        self.do("register", user=device, domain=site, secret=secret, url=url, hertz=hertz)
        await self.expect("registered", seconds=20)

    async def rings(self, after: int = 0) -> Event:
        """Wait for a call; its `body` is the offer, its `preview` the path of the picture."""
        return await self.expect("incoming", seconds=20, after=after)

    async def sees_who_rings(self, *, tcp: bool = False) -> Event:
        """Open the preview; `ring` and `tap` say how many milliseconds its first picture took."""
        after = len(self.log)
        self.do("watch", tcp=tcp)
        await self.expect("watching", seconds=20, after=after, status=201)
        return await self.expect("picture", seconds=20, after=after)

    async def previewed(self) -> Event:
        """What the preview has received so far."""
        after = len(self.log)
        self.do("watched")
        return await self.expect("watched", seconds=20, after=after)

    async def stats(self) -> Event:
        """framesDecoded, loudest (hertz) and more, now."""
        after = len(self.log)
        self.do("stats")
        return await self.expect("stats", seconds=20, after=after)

    async def sees(self, frames: int, seconds: float = 20.0) -> bool:
        """True as soon as so many more pictures have been decoded."""
        begin = (await self.stats())["framesDecoded"]
        return await self._until(lambda now: now["framesDecoded"] >= begin + frames, seconds)

    async def hears_tone(self, hertz: float, seconds: float = 20.0) -> bool:
        """True as soon as the loudest of what it hears is that tone."""
        return await self._until(lambda now: abs(now["loudest"] - hertz) < 15, seconds)

    async def shows(self, frames: int, seconds: float = 20.0) -> bool:
        """True as soon as the preview has shown so many more pictures."""
        begin = (await self.previewed())["framesDecoded"]
        return await self._until(lambda now: now["framesDecoded"] >= begin + frames, seconds, self.previewed)

    async def shows_no_more(self, seconds: float = 20.0) -> bool:
        """True as soon as the preview has stood still for half a second."""
        last = [-1, -1, -1]

        def still(now: Event) -> bool:
            last[:] = [*last[1:], now["videoIn"]]
            return len(set(last)) == 1

        return await self._until(still, seconds, self.previewed)

    async def _until(
        self,
        fits: Callable[[Event], bool],
        seconds: float,
        ask: Callable[[], Awaitable[Event]] | None = None,
    ) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            if fits(await (ask or self.stats)()):
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
    """One page; its microphone plays `tone`, its camera is Chromium's own."""
    async with browsers(scratch, name, port=port, tone=tone) as pages:
        yield pages[0]


@asynccontextmanager
async def browsers(
    scratch: Path, *names: str, port: int = 0, tone: Path | None = None
) -> AsyncIterator[list[Browser]]:
    """Start a Chromium with a page for each name, all on `port`."""
    node, chromium = need("node"), need("chromium")
    if not (PROGRAM.parent / "node_modules/playwright-core").is_dir():
        why = "peer package playwright-core is not installed (make peers)"
        missing(why)
    port = port or free_port()
    more = ["--tone", str(tone)] if tone is not None else []
    process = await asyncio.create_subprocess_exec(
        node,
        str(PROGRAM),
        "--browser",
        chromium,
        "--port",
        str(port),
        "--pages",
        str(len(names)),
        *more,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20,
    )
    pages = [Browser(process, name, scratch / f"{name}.wav") for name in names]
    for number, page in enumerate(pages):
        page.origin, page.page = origin_of(port), number
    async with asyncio.TaskGroup() as group:
        group.create_task(_read(process, pages))
        try:
            for page in pages:
                await page.expect("ready", seconds=30)
            yield pages
        finally:
            await stop(process)


async def _read(process: asyncio.subprocess.Process, pages: list[Browser]) -> None:
    """Give each page its events until the program closes its output."""
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"{"):
            entry = json.loads(line)
            pages[entry.get("page", 0)].heard(entry)

"""Our own pages (panel, resident's app, station) in one Chromium, clicked by tests as people touch them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.peers import missing, need
from tests.support.phones import stop
from tests.support.system import ROOT

PROGRAM = ROOT / "tests/peers/browser/faces.mjs"
BUILDS = (ROOT / "webadmin/static/app/index.html", ROOT / "intercom/kiosk/static/index.html")
PATIENCE = 30.0
HOLD_MS = 800
"""Longer than a door's key must be held."""


@dataclass(slots=True)
class Chromium:
    """A running browser; each page has cookies and storage of its own."""

    process: asyncio.subprocess.Process
    waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    last: int = 0

    async def read(self) -> None:
        """Hand each answer to who waits for it."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            said = json.loads(line)
            if said.get("event") == "ready":
                self.ready.set()
            elif (future := self.waiting.pop(said["id"], None)) is not None and not future.done():
                future.set_result(said)

    async def ask(self, page: str, what: str, **how: Any) -> Any:
        """Do something on a page; fails the test with what the page showed when it cannot be done."""
        self.last += 1
        future = self.waiting[self.last] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        line = json.dumps({"id": self.last, "page": page, "do": what, **how})
        self.process.stdin.write(line.encode() + b"\n")
        said = await asyncio.wait_for(future, 60)
        assert "error" not in said, f"{page}: {said['error']}\n{said['log']}\n{said['shown']}"
        return said["value"]

    async def open(self, name: str, url: str, **how: Any) -> Page:
        """A new page; width, height, scheme ("light", "dark"), locale."""
        await self.ask(name, "open", url=url, seconds=PATIENCE, **how)
        return Page(self, name)


@dataclass(slots=True)
class Page:
    """One page. `at` is a selector of Playwright, such as `text=Kari` or `.call.ringing`."""

    browser: Chromium
    name: str

    async def click(self, at: str) -> None:
        """Touch it."""
        await self.browser.ask(self.name, "click", at=at)

    async def hold(self, at: str) -> None:
        """Press and hold it, as a door's key wants."""
        await self.browser.ask(self.name, "click", at=at, delay=HOLD_MS)

    async def type(self, at: str, text: str) -> None:
        """Write into a field."""
        await self.browser.ask(self.name, "type", at=at, text=text)

    async def see(self, at: str) -> None:
        """Wait until it is shown."""
        await self.browser.ask(self.name, "see", at=at)

    async def gone(self, at: str) -> None:
        """Wait until it is not shown."""
        await self.browser.ask(self.name, "see", at=at, state="hidden")

    async def text(self, at: str) -> str:
        """What stands there."""
        return str(await self.browser.ask(self.name, "text", at=at))

    async def count(self, at: str) -> int:
        """How many there are."""
        return int(await self.browser.ask(self.name, "count", at=at))

    async def until(self, script: str, argument: object = None) -> Any:
        """Wait until a function of the page says something true."""
        return await self.browser.ask(self.name, "until", script=script, argument=argument, seconds=PATIENCE)

    async def faults(self, where: str) -> list[str]:
        """What axe finds that keeps somebody out (serious or critical), each with the name of the screen."""
        return [
            f"{where}: {each['id']} ({each['impact']}): {each['help']}: {each['nodes'][:2]}"
            for each in await self.do("axe")
            if each["impact"] in ("serious", "critical")
        ]

    async def do(self, what: str, **how: Any) -> Any:
        """Anything else: reload, goto, offline, shot, run, look, log."""
        return await self.browser.ask(self.name, what, **how)

    async def sees_picture(self, at: str = "video") -> None:
        """Wait until the video there shows moving pictures."""
        await self.until(
            "(at) => { const one = document.querySelector(at);"
            " return !!one && one.videoWidth > 0 && one.getVideoPlaybackQuality().totalVideoFrames > 5 }",
            at,
        )


@asynccontextmanager
async def chromium(
    *, tone: Path | None = None, picture: Path | None = None, builds: Sequence[Path] = BUILDS
) -> AsyncIterator[Chromium]:
    """Start Chromium with a fake camera and microphone. `tone` (WAV) and `picture` (Y4M): what they give,
    read whenever they are opened; `builds`: what must have been built before.
    """
    node, program = need("node"), need("chromium")
    wanted = (PROGRAM.parent / "node_modules/playwright-core", *builds)
    absent = [path for path in wanted if not path.exists()]
    if absent:
        missing(f"{absent[0]} is not there (make peers faces)")
    given = (("--tone", tone), ("--picture", picture))
    more = [word for name, path in given if path is not None for word in (name, str(path))]
    process = await asyncio.create_subprocess_exec(
        *(node, str(PROGRAM), "--browser", program, *more),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20,
    )
    running = Chromium(process)
    async with asyncio.TaskGroup() as group:
        group.create_task(running.read())
        try:
            await asyncio.wait_for(running.ready.wait(), 30)
            yield running
        finally:
            await stop(process)

"""A house with its faces: a panel's page, residents' apps, WebAdmin behind them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.faces import Chromium, Page, chromium
from tests.support.ports import free_port
from tests.support.system import ROOT, Program, System, system
from tests.webadmin.people_of_two_houses import PASSWORD

SITE = "faces.example"
HOUSE = ROOT / "tests/data/sites/faces.toml"


@dataclass(slots=True)
class Faces:
    """A running house: `web` is WebAdmin's origin, `agent` drives the mock relay of the front door."""

    doorline: System
    browser: Chromium
    agent: Program
    web: str
    apps: dict[str, Page] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    async def judge(self, page: Page, where: str) -> None:
        """Keep what axe finds on this screen; a test says at its end that it was nothing."""
        self.faults += await page.faults(where)

    async def judge_dark(self, page: Page, where: str, width: int, height: int) -> None:
        """The same in light and in dark."""
        for scheme in ("dark", "light"):
            await page.do("look", width=width, height=height, scheme=scheme)
            await self.judge(page, f"{where} {scheme}")

    async def resident(self, person: str, site: str = SITE, role: str = "resident", **look: object) -> Page:
        """A resident's app, logged in and ready to ring."""
        email = f"{person}@{site}"
        await self.doorline.command("-m", "tests.support.resident_account", site, person, email, role)
        page = await self.browser.open(person, f"{self.web}/app/", **look)
        await page.type("input[name=email]", email)
        await page.type("input[name=password]", PASSWORD)
        await page.click("button[type=submit]")
        await page.see(".standing.good")
        self.apps[person] = page
        return page

    async def panel(self, device: str = "gate", **look: object) -> Page:
        """The panel's page, paired by a code."""
        page = await self.browser.open(device, f"{self.web}/kiosk/", **look)
        await self.pair(page, device)
        await page.see(".idle")
        return page

    async def station(self, device: str, **look: object) -> Page:
        """A flat's station on a wall."""
        page = await self.browser.open(device, f"{self.web}/station", **look)
        await self.pair(page, device)
        await page.see(".rest .good")
        return page

    async def network_lost(self) -> None:
        """Nobody reaches the PBX any more: it has ended."""
        assert self.doorline.pbx is not None
        self.doorline.pbx.process.terminate()
        await self.doorline.pbx.process.wait()

    async def pair(self, page: Page, device: str) -> None:
        """Type a pairing code on the page's own keyboard."""
        await page.see(".pairing")
        code = (await self.doorline.command("-m", "tests.support.pairing_code", SITE, device)).strip()
        for sign in code.replace("-", ""):
            await page.click(f'.keys button:text-is("{sign}")')
        await page.click(".pairing button[type=submit]")


@asynccontextmanager
async def faces(scratch: Path, *sites: Path, **more: str) -> AsyncIterator[Faces]:
    """A house with WebAdmin, a controller, and a browser, whose cameras see `scratch/camera.y4m` where there
    is one. `sites` and settings besides (`more`).
    """
    port = free_port()
    web = f"http://127.0.0.1:{port}"
    seen = scratch / "camera.y4m" if (scratch / "camera.y4m").exists() else None
    settings = {
        "HTTP__PUBLIC_ORIGINS": json.dumps([web]),
        "WEBADMIN__PORT": str(port),
        "WEBADMIN__WORKERS": "1",
        "WEBADMIN__TLS_HOST": "",
        **more,
    }
    async with system(scratch, HOUSE, *sites, **settings) as doorline, chromium(picture=seen) as browser:
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        server = await doorline.start("webadmin", "-m", "webadmin", "serve")
        await server.says("Listening at", seconds=40)
        yield Faces(doorline, browser, agent, web)

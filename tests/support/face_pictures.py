"""Pictures of the faces: `python -m tests.support.face_pictures [all]`.

Without a word, the four of the README's guide go to docs/pictures; with `all`, every screen in panel, phone,
tablet and wall sizes, light and dark, in both languages, goes to var/screenshots/faces, to be looked at.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.scenarios.faces_house import Faces, faces
from tests.support.faces import Page
from tests.support.system import ROOT

GUIDE = ROOT / "docs/pictures"
ALL = ROOT / "var/screenshots/faces"
PANELS = ((800, 1280), (1280, 800), (390, 844))
PHONES = ((390, 844), (820, 1180))
TABS = ("doors", "myButton", "guests", "household", "more")


async def guide() -> None:
    """Tap a name, see the visitor, open, walk in."""
    async with running() as house:
        panel = await house.panel(width=640, height=1024)
        kari = await house.resident("kari", width=390, height=624)
        await panel.click(".touch")
        await panel.see(".row")
        await shot(panel, GUIDE / "guide-1-panel.png")
        await panel.click('.row:has-text("Kari")')
        await kari.see(".call.ringing")
        await kari.sees_picture()
        await shot(kari, GUIDE / "guide-2-app.png")
        await kari.click(".round.open")
        await kari.see(".call.talking")
        await kari.hold(".hold")
        await kari.see(".hold.opened")
        await shot(kari, GUIDE / "guide-3-opened.png")
        await panel.see(".state.open")
        await shot(panel, GUIDE / "guide-4-walk-in.png")


@asynccontextmanager
async def running() -> AsyncIterator[Faces]:
    """A house in a directory of its own."""
    with tempfile.TemporaryDirectory(prefix="doorline-pictures-") as folder:
        async with faces(Path(folder)) as house:
            yield house


async def shot(page: Page, path: Path) -> None:
    """One picture, after the last movement."""
    await asyncio.sleep(0.4)
    path.parent.mkdir(parents=True, exist_ok=True)
    await page.do("shot", path=str(path))


async def everything() -> None:
    """Every screen, everywhere."""
    async with running() as house:
        panel = await house.panel()
        kari = await house.resident("kari")
        wall = await house.station("wall", width=1280, height=800)
        for language in ("en", "nb"):
            await panel_pages(panel, language)
            await app_pages(kari, language)
        await shot(wall, ALL / "station-rest.png")
        await panel.click(".touch")
        await panel.click('.row:has-text("Kari")')
        await kari.see(".call.ringing")
        await kari.sees_picture()
        await looks(kari, "app-ringing", PHONES)
        await shot(wall, ALL / "station-ringing.png")
        await kari.click(".round.open")
        await kari.see(".call.talking")
        await looks(kari, "app-talking", PHONES)
        await kari.hold(".hold")
        await panel.see(".state.open")
        await looks(panel, "panel-open", PANELS)


async def looks(page: Page, name: str, sizes: tuple[tuple[int, int], ...]) -> None:
    """A screen in every size, light and dark."""
    for width, height in sizes:
        for scheme in ("light", "dark"):
            await page.do("look", width=width, height=height, scheme=scheme)
            await shot(page, ALL / f"{name}-{width}x{height}-{scheme}.png")


async def app_pages(app: Page, language: str) -> None:
    """The app's pages in a language."""
    await app.click(".tabs button:last-child")
    await app.click(f".plain[lang={language}]")
    for at, tab in enumerate(TABS):
        if await app.count(".tabs button") == len(TABS):
            await app.click(f".tabs button:nth-child({at + 1})")
            await looks(app, f"app-{tab}-{language}", PHONES)
            if tab == "guests":
                await app.click("main .primary")
                await looks(app, f"app-new-pass-{language}", PHONES)
                await app.click("form .plain")
    await app.click(".plain.stop")
    await app.see(".erasure")
    await app.do("run", script="() => scrollTo(0, document.body.scrollHeight)")
    await looks(app, f"app-erase-{language}", PHONES)
    await app.click(".erasure .plain:last-child")


async def panel_pages(panel: Page, language: str) -> None:
    """The panel's screens in a language, from idle to nobody."""
    await looks(panel, f"panel-idle-{language}", PANELS)
    await panel.click(".touch")
    if language == "nb":
        await panel.click(".bar .key[lang=nb]")
    await looks(panel, f"panel-directory-{language}", PANELS)
    await panel.click("header .key")
    await panel.click('.keys button:text-is("B")')
    await looks(panel, f"panel-search-{language}", PANELS)
    await panel.click(".bar .key:first-child")
    await panel.click(".bar .key:has(svg):nth-last-child(2)")
    await panel.see(".code")
    await looks(panel, f"panel-code-{language}", PANELS)
    await panel.click(".bar .key:first-child")
    await panel.click('.row:has-text("The board")')
    await looks(panel, f"panel-group-{language}", PANELS)
    await panel.click('.row:has-text("Per Eide")')
    await panel.see(".state.nobody")
    await looks(panel, f"panel-nobody-{language}", PANELS)
    await panel.see(".idle")


if __name__ == "__main__":
    asyncio.run(everything() if sys.argv[1:] == ["all"] else guide())

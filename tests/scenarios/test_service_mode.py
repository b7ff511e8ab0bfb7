"""An admin looks through a panel's camera: its screen says so above everything, and nothing of it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenarios.test_four_kinds import paired
from tests.scenarios.test_managed_in_a_browser import follow
from tests.support.faces import Page, chromium
from tests.support.system import ROOT, system
from tests.support.webadmin import settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(300)]

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
SHOWN = "() => document.querySelector('.snapshot img')?.naturalWidth === 640"
STATUS = "async () => (await fetch(location.pathname + '/picture')).status"


async def the_panel_says_so(admin: Page, panel: Page) -> None:
    """First the words on the panel's screen, then the picture."""
    await admin.click("text=Begin service mode")
    await panel.see(".serving:has-text('take pictures with this camera now')")
    await admin.see("text=The panel says so")
    await admin.until(SHOWN)
    assert await panel.faults("panel, service mode") + await admin.faults("service mode") == []


async def no_picture_of_a_visitor(admin: Page, panel: Page) -> None:
    """Somebody uses the panel: what is asked for now comes when he has gone."""
    await panel.click(".touch")
    await panel.see(".directory")
    await admin.click("text=Take another picture")
    await admin.see("text=No picture yet")
    await panel.see(".serving")
    assert await admin.do("run", script=STATUS) == 404
    await panel.do("reload")
    await admin.until(SHOWN)


async def test_the_panel_announces_that_it_is_looked_at(tmp_path: Path) -> None:
    more = settings()
    url = f"http://127.0.0.1:{more['WEBADMIN__PORT']}"
    more["HTTP__PUBLIC_ORIGINS"] = json.dumps([url])
    async with (
        system(tmp_path, ROOT / "tests/data/sites/manage.toml", **more) as doorline,
        chromium() as browser,
    ):
        admin = await (await start_webadmin(doorline)).way_in(browser)
        panel = await paired(browser, admin, url)
        await follow(admin, "Panels/Panel", "Look through its camera")
        assert await admin.do("run", script=STATUS) == 404
        await the_panel_says_so(admin, panel)
        await no_picture_of_a_visitor(admin, panel)
        await admin.click("text=End service mode")
        await panel.gone(".serving")
        await admin.see("text=Begin service mode")
        assert await admin.do("run", script=STATUS) == 404
        await admin.do("goto", url=f"{url}/audit")
        for change in ("began service mode for 5 minutes", "took a picture", "ended service mode"):
            await admin.see(f"main >> text={change}")
        files = [path for path in doorline.var.rglob("*") if path.is_file()]
        assert not [path.name for path in files if JPEG in path.read_bytes()]

"""From an empty database to a phone that rings, by the guided set-up in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.faces import chromium
from tests.support.phones import phone
from tests.support.system import system
from tests.support.webadmin import log_in_by_sheet, settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


async def test_the_guided_set_up_ends_in_a_ring(tmp_path: Path) -> None:
    async with (
        system(tmp_path, **settings()) as doorline,
        chromium(builds=()) as browser,
        phone(tmp_path, "kari", "--auto", "180") as kari,
    ):
        page = await (await start_webadmin(doorline)).way_in(browser)
        await page.click("text=Set up a house")
        await page.type("#name", "Åsveien 3")
        await page.click("main button.action")
        await page.type("#names", "H0101\nH0102\nH0201")
        await page.click("main button.action")
        await page.type("[name='unit-h0101']", "Kari Berg, Ola Berg")
        await page.do("select", at="#kind", value="phone")
        await page.click("main button.action")
        await page.type("#name", "Hovedinngangen")
        await page.click("main button.action")
        await page.type("#name", "Hoveddøra")
        await page.click("main button.action")
        await page.see("text=Test ring")
        await page.click("text=Ring Kari Berg")
        await page.see("text=has not logged in yet")
        await page.click("text=Show a log-in")
        await log_in_by_sheet(page, kari)
        await page.click("main a.action")
        await page.click("text=Ring Kari Berg")
        assert "Hovedinngangen" in (await kari.expect("incoming"))["remote"]
        await page.see("text=It rings now")
        kari.do("answer")
        await kari.confirmed()
        assert await page.do("log") == []

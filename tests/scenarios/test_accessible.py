"""Every page of WebAdmin in Chromium: axe finds nothing serious, and the page's own policy blocks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.admin_pages import OUTSIDE, served
from tests.support.faces import chromium

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

DARK = ("/", "/people", "/dial-groups", "/doors", "/live", "/settings", "/history")


async def test_axe_finds_nothing_serious_on_any_page(tmp_path: Path) -> None:
    found: list[str] = []
    with served(tmp_path) as pages:
        async with chromium(builds=()) as browser:
            page = await browser.open("a", f"{pages.url}/sign-in", width=1280, height=900)
            for path in OUTSIDE:
                await page.do("goto", url=pages.url + path)
                found += await page.faults(path)
            await page.do("goto", url=f"{pages.link}?lang=en")
            await page.click("main button")
            await page.see("aside.side")
            assert len(pages.paths) > 20
            for path in pages.paths:
                await page.do("goto", url=pages.url + path)
                found += await page.faults(path)
            await page.do("look", width=390, height=844, scheme="dark")
            for path in set(DARK) & set(pages.paths):
                await page.do("goto", url=pages.url + path)
                found += await page.faults(f"{path} dark")
            blocked = [line for line in await page.do("log") if "Content Security Policy" in line]
    assert found == [] and blocked == [], "\n".join([*found, *blocked])

"""Every page of WebAdmin in Chromium: axe finds nothing serious, its own policy blocks nothing, no page is
wider than a phone, and the keyboard reaches what the mouse reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.admin_pages import OUTSIDE, Pages, served
from tests.support.faces import Chromium, Page, chromium

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(600)]

LOOKS = (
    {"lang": "en", "width": 1280, "height": 900, "scheme": "light"},
    {"lang": "nb", "width": 390, "height": 844, "scheme": "dark"},
)
WALKED = ("/", "/people/1", "/dial-groups/1", "/buttons/1", "/doors/1/edit")
MOST_STOPS = 150
STOP = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const follows = (one) => one === at || one.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const before = (window.before ??= []), back = !before.every(follows);
  const end = at === document.body || at === before[0];
  before.push(at);
  return { name: `${at.tagName} ${at.id || at.name || at.textContent.trim().slice(0, 40)}`, back, end,
    seen: outlined && box.width > 0 && box.bottom > 0 };
}"""

TIED = """() => {
  const at = document.activeElement, names = (at.getAttribute("aria-describedby") ?? "none").split(" ");
  const said = names.every((id) => document.getElementById(id)?.textContent.trim());
  return at.getAttribute("aria-invalid") === "true" && said;
}"""


async def inside(browser: Chromium, pages: Pages) -> Page:
    """A page of somebody who has come in."""
    page = await browser.open("a", pages.link, width=1280, height=900)
    await page.click("main button")
    await page.see("aside.side")
    return page


async def test_axe_finds_nothing_serious_on_any_page(tmp_path: Path) -> None:
    found: list[str] = []
    with served(tmp_path) as pages:
        async with chromium(builds=()) as browser:
            page = await browser.open("b", f"{pages.url}/sign-in")
            for paths in (OUTSIDE, pages.paths):
                for look in LOOKS:
                    await page.do("look", **{name: each for name, each in look.items() if name != "lang"})
                    for path in paths:
                        await page.do("goto", url=f"{pages.url}{path}?lang={look['lang']}")
                        found += await page.faults(f"{path} {look}")
                if paths is OUTSIDE:
                    page = await inside(browser, pages)
            assert len(pages.paths) > 20
            blocked = [line for line in await page.do("log") if "Content Security Policy" in line]
    assert found == [] and blocked == [], "\n".join([*found, *blocked])


async def test_without_a_mouse(tmp_path: Path) -> None:
    with served(tmp_path) as pages:
        async with chromium(builds=()) as browser:
            page = await inside(browser, pages)
            for path in WALKED:
                await page.do("goto", url=pages.url + path)
                await page.do("press", key="Tab")
                stop = await page.do("run", script=STOP)
                assert stop["name"].startswith("A ") and stop["seen"], (
                    f"{path}: the first stop skips to the content"
                )
                stops = 0
                while not stop["end"] and stops < MOST_STOPS:
                    assert stop["seen"] and not stop["back"], f"{path}: {stop}"
                    await page.do("press", key="Tab")
                    stop, stops = await page.do("run", script=STOP), stops + 1
                assert stops > 20, path
            await page.do("goto", url=f"{pages.url}/")
            await page.do("press", at=".skip", key="Enter")
            await page.until("() => document.activeElement.id === 'content'")


async def test_what_is_wrong_comes_to_the_keyboard_and_a_phone_has_a_menu(tmp_path: Path) -> None:
    with served(tmp_path) as pages:
        async with chromium(builds=()) as browser:
            page = await inside(browser, pages)
            await page.do("goto", url=f"{pages.url}/people/new")
            await page.do("press", at="form[data-guard] #name", key="Enter")
            await page.see(".field.wrong")
            await page.until(TIED)
            await page.do("look", width=390, height=844, scheme="light")
            await page.do("goto", url=f"{pages.url}/?lang=en")
            await page.gone("aside.side nav")
            await page.click(".menu")
            await page.click("aside.side nav >> text='Doors'")
            await page.see("h1:has-text('Doors')")
            wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            broad = []
            for path in pages.paths:
                await page.do("goto", url=pages.url + path)
                if await page.do("run", script=wide) > 0:
                    broad.append(path)
            assert broad == [], "wider than a phone"

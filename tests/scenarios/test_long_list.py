"""A list of five thousand people in Chromium: how it gets on, what it would do, and it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.admin_pages import served
from tests.support.faces import chromium

pytestmark = [pytest.mark.peer, pytest.mark.timeout(240)]

PREVIEWED, BROUGHT = 5000, 300
LISTEN = """() => {
  window.said = [];
  new MutationObserver(() => {
    const place = document.querySelector('[data-under-way]');
    const words = place && !place.hidden && place.querySelector('label').textContent;
    if (words && !window.said.includes(words)) window.said.push(words);
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  return true;
}"""
WRITE = """async (count) => {
  const now = await (await fetch('/people.csv')).text();
  const more = [...Array(count).keys()].map((number) => `,Ny ${number},,,`);
  document.getElementById('content').querySelector('textarea').value = now + more.join('\\n');
  return true;
}"""


async def test_a_long_list_is_watched_on_its_way(tmp_path: Path) -> None:
    with served(tmp_path) as pages:
        async with chromium(builds=()) as browser:
            page = await browser.open("a", f"{pages.link}?lang=en", width=1280, height=900)
            await page.click("main button")
            await page.see("aside.side")
            await page.do("goto", url=f"{pages.url}/people/import")
            await page.until(LISTEN)
            await page.until(WRITE, PREVIEWED)
            await page.click("text='Show what will happen'")
            await page.see(f"text='{PREVIEWED} in, 0 changed, 0 out.'")
            said = ["The list is being sent.", "The list is being read."]
            assert await page.until("() => window.said") == said
            assert await page.until("() => document.activeElement.id") == "content"
            assert await page.faults("preview") == []

            await page.until(WRITE, BROUGHT)
            await page.click("text='Do it'")  # another list than was looked at: first it is looked at
            await page.see(f"text='{BROUGHT} in, 0 changed, 0 out.'")
            assert await page.count(".saved") == 0
            await page.click("text='Do it'")
            await page.see(".saved")
            assert f"{BROUGHT} in, 0 changed" in await page.text(".saved")
            assert await page.text(".count") == str(BROUGHT + 10)
            blocked = [line for line in await page.do("log") if "Content Security Policy" in line]
    assert blocked == []

"""Four kinds of button, each made in WebAdmin's form and then tapped on the panel's own page (P6, P10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenarios.test_managed_in_a_browser import PATIENCE, SAVE, SITE, House, follow, publish
from tests.support.faces import Chromium, Page, chromium
from tests.support.phones import Phone, phone
from tests.support.system import ROOT, System, system
from tests.support.webadmin import settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

DONE = """() => {
  document.querySelector(".state.nobody .acts .key:last-child")?.click();
  return !!document.querySelector(".idle");
}"""
"""The visitor is done; a panel that was left alone long enough is by itself."""


class Visited(House):
    """The house with the panel's page in place of a telephone; `names` are tapped one after the other."""

    def __init__(self, page: Page, *phones: Phone) -> None:
        self.page = page
        self.names: tuple[str, ...] = ()
        self.phones = {each.name: each for each in phones}

    async def tap(self) -> None:
        """Find the name, and tap it."""
        await self.page.click(".touch")
        for name in self.names:
            await self.page.click(f'.row:has(.name:text-is("{name}"))')
        await self.page.see(".state.calling")

    async def leave(self) -> None:
        """The visitor gives up."""
        await self.page.click(".key.stop")
        await self.page.see(".idle")

    def at(self, *names: str) -> Visited:
        """These are tapped next; the first is on the panel by itself."""
        self.names = names
        return self


async def paired(browser: Chromium, admin: Page, url: str) -> Page:
    """The panel's page, paired by a code that the admin reads out."""
    await follow(admin, "Panels/Panel", "Pair a device")
    await admin.click("text=Make a code")
    panel = await browser.open("panel", f"{url}/kiosk/")
    await panel.see(".pairing")
    for sign in (await admin.text("dd.key")).replace("-", "").strip():
        await panel.click(f'.keys button:text-is("{sign}")')
    await panel.click(".pairing button[type=submit]")
    await panel.see(".idle")
    return panel


async def group(doorline: System, admin: Page, name: str, *members: str) -> None:
    """A dial group in which all ring at once, until a button of another kind says how else."""
    await follow(admin, "Dial groups", "New dial group")
    await admin.type("#name", name)
    for member in members:
        await admin.do("select", at="#new", value=member)
        await admin.click("button[value=add]")
        await admin.see(f"tbody >> text='{member}'")
    await publish(doorline, admin, lambda: admin.click(SAVE))


async def button(doorline: System, admin: Page, kind: str, label: str, field: str, whom: str) -> None:
    """A button of that kind."""
    await follow(admin, "Buttons", "New button")
    await admin.click(f"input[name=kind][value={kind}]")
    await admin.do("select", at=f"#{field}", value=whom)
    await admin.type("#label", label)
    await publish(doorline, admin, lambda: admin.click(SAVE))


async def first_answer_wins(house: Visited) -> None:
    """All of them ring; one takes the visit, and the other stops."""
    seen = {name: len(each.log) for name, each in house.phones.items()}
    await house.tap()
    for name, each in house.phones.items():
        await each.expect("incoming", after=seen[name], seconds=PATIENCE)
    kari, ola = house.phones["kari"], house.phones["ola"]
    ola.do("answer")
    await house.page.see(".state.connected")
    await kari.expect("state", state="DISCONNECTED", after=seen["kari"], seconds=PATIENCE)
    ola.do("hangup")
    await house.page.see(".idle")


async def nobody_but(house: Visited, name: str) -> None:
    """One rings and refuses; the visitor is told that nobody answers, and nobody else has rung."""
    seen = {name: len(each.log) for name, each in house.phones.items()}
    await house.tap()
    await house.phones[name].expect("incoming", after=seen[name], seconds=PATIENCE)
    house.phones[name].do("refuse", code=603)
    await house.page.see(".state.nobody")
    assert house.rung(seen) == {name}
    await house.page.until(DONE)


async def test_each_kind_made_in_webadmin_rings_as_it_says(tmp_path: Path) -> None:
    more = settings()
    url = f"http://127.0.0.1:{more['WEBADMIN__PORT']}"
    more["HTTP__PUBLIC_ORIGINS"] = json.dumps([url])
    async with (
        system(tmp_path, ROOT / "tests/data/sites/manage.toml", **more) as doorline,
        phone(tmp_path, "kari", "--auto", "180") as kari,
        phone(tmp_path, "ola", "--auto", "180") as ola,
        chromium() as browser,
    ):
        for who in (kari, ola):
            device = f"{who.name}-phone"
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        admin = await (await start_webadmin(doorline)).way_in(browser)
        house = Visited(await paired(browser, admin, url), kari, ola)

        await button(doorline, admin, "individual", "Kari", "person", "Kari")
        await nobody_but(house.at("Kari"), "kari")

        await group(doorline, admin, "All", "Ola", "Kari")
        await button(doorline, admin, "common_simultaneous", "Everybody", "group", "All")
        await first_answer_wins(house.at("Everybody"))

        await group(doorline, admin, "Row", "Ola", "Kari")
        await button(doorline, admin, "common_sequential", "In turn", "group", "Row")
        await house.at("In turn").rings("ola", "kari")

        await button(doorline, admin, "grouped", "The board", "group", "All")
        await nobody_but(house.at("The board", "Ola"), "ola")

        assert await admin.do("log") == []
        # just paired, it may ask for its directory a moment before the PBX knows of it
        assert [line for line in await house.page.do("log") if "401" not in line] == []

"""What an admin saves in a browser, the next real call does: order of ringing, rights, the way in, lockdown.

One system for all of it: browser, WebAdmin, PBX, an agent with mock relays and two phones take long to start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.faces import Page, chromium
from tests.support.phones import Phone, phone
from tests.support.system import ROOT, Program, System, system
from tests.support.webadmin import settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

SITE = "manage.example"
PATIENCE = 20.0


async def publish(doorline: System, page: Page, do: Callable[[], Awaitable[None]]) -> float:
    """Do something that publishes; the seconds until the PBX runs it."""
    assert doorline.pbx is not None
    after, loop = len(doorline.pbx.lines), asyncio.get_running_loop()
    begin = loop.time()
    await do()
    await doorline.pbx.says(rf"{SITE} runs revision", seconds=PATIENCE, after=after)
    seconds = loop.time() - begin
    await page.see(".saved")
    return seconds


async def save(page: Page) -> None:
    """The form's own button."""
    await page.click("form[data-guard] > .bar button.action")


async def follow(page: Page, link: str, change: str = "") -> None:
    """A room of the navigation, something in it, and its form."""
    room, _, thing = link.partition("/")
    await page.click(f"aside.side nav >> text='{room}'")
    if thing:
        await page.click(f"main table.list >> text='{thing}'")
    if change:
        await page.click(f"main >> text='{change}'")


class House:
    """The phones, and the next call."""

    def __init__(self, panel: Phone, kari: Phone, ola: Phone) -> None:
        self.panel, self.kari, self.ola = panel, kari, ola

    async def rings_first(self) -> str:
        """Tap, see who rings, hang up; "both" when both do."""
        seen = {each.name: len(each.log) for each in (self.panel, self.kari, self.ola)}
        self.panel.do("call", to=f"sip:1@{SITE}")
        rung = self._rung(seen)
        until = asyncio.get_running_loop().time() + PATIENCE
        while not rung and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.1)
            rung = self._rung(seen)
        await asyncio.sleep(3)  # nothing to wait for: the other must ring now, or not before the next step
        names = self._rung(seen)
        self.panel.do("hangup")
        await self.panel.expect("state", state="DISCONNECTED", after=seen["panel"], seconds=PATIENCE)
        for name in names:
            one = {"kari": self.kari, "ola": self.ola}[name]
            await one.expect("state", state="DISCONNECTED", after=seen[name], seconds=PATIENCE)
        return "both" if len(names) == 2 else names[0]

    def _rung(self, seen: dict[str, int]) -> list[str]:
        return [
            each.name
            for each in (self.kari, self.ola)
            if any(entry["event"] == "incoming" for entry in each.log[seen[each.name] :])
        ]

    async def talk(self, who: Phone) -> None:
        """Tap and answer."""
        before, heard = len(self.panel.log), len(who.log)
        self.panel.do("call", to=f"sip:1@{SITE}")
        await who.expect("incoming", after=heard, seconds=PATIENCE)
        who.do("answer")
        await self.panel.expect("state", state="CONFIRMED", after=before, seconds=PATIENCE)

    async def hang_up(self) -> None:
        """End the talk."""
        before = len(self.panel.log)
        self.panel.do("hangup")
        await self.panel.expect("state", state="DISCONNECTED", after=before, seconds=PATIENCE)


async def opened(agent: Program, after: int, *relays: str) -> None:
    """Wait until these relays have gone on since, in this order, and no other."""
    await agent.says(rf"edge relay={relays[-1]} on=1", after=after, seconds=PATIENCE)
    edges = [line.split()[1].partition("=")[2] for line in agent.lines[after:] if " on=1 " in f"{line} "]
    assert edges == list(relays)


async def the_order_of_ringing(doorline: System, page: Page, house: House) -> None:
    assert await house.rings_first() == "kari"
    await house.talk(house.kari)
    in_call, ringing = len(house.kari.log), len(house.ola.log)
    await follow(page, "Dial groups/Family")
    await page.click("button[aria-label='Kari: later']")
    await page.see("tbody tr:first-child >> text='Ola'")
    await publish(doorline, page, lambda: save(page))
    assert not [e for e in house.kari.log[in_call:] if e["event"] == "state"], "the call goes on"
    assert not [e for e in house.ola.log[ringing:] if e["event"] == "incoming"]
    await house.hang_up()
    assert await house.rings_first() == "ola"

    await page.click("input[name=ringing][value=simultaneous]")
    await publish(doorline, page, lambda: save(page))
    assert await house.rings_first() == "both"
    await publish(doorline, page, lambda: page.click(".saved button"))
    assert await house.rings_first() == "ola"


async def rights_and_the_way_in(doorline: System, page: Page, house: House, agent: Program) -> None:
    await follow(page, "Doors/Gate", "Change")
    for place, (door, seconds) in enumerate((("lobby", "1"), ("lift", "1"))):
        await page.do("select", at=f"[name=then-{place}-door]", value=door)
        await page.type(f"[name=then-{place}-delay]", seconds)
    await publish(doorline, page, lambda: save(page))
    await page.see("svg.way")
    await house.talk(house.ola)
    start = len(agent.lines)
    house.ola.do("dtmf", digits="5")
    await opened(agent, start, "gate", "lobby", "lift")
    await agent.says(r"edge relay=lift on=0", after=start, seconds=PATIENCE)

    # A lockdown stops the third: the others are ways out that it leaves alone.
    await follow(page, "Doors", "Lockdown")
    await page.click("button.stop-action")
    await page.see("text=1 doors are locked down")
    await page.see(".locked >> text=Lift")
    start = len(agent.lines)
    house.ola.do("dtmf", digits="5")
    await opened(agent, start, "gate", "lobby")
    await agent.says(r"edge relay=lobby on=0", after=start, seconds=PATIENCE)
    await asyncio.sleep(2)  # nothing to wait for: the lift must not follow
    await opened(agent, start, "gate", "lobby")
    await page.click("text=End the lockdown")
    await page.see("text=The lockdown is over")
    start = len(agent.lines)
    house.ola.do("dtmf", digits="5")
    await opened(agent, start, "gate", "lobby", "lift")
    await agent.says(r"edge relay=lift on=0", after=start, seconds=PATIENCE)

    # A right that is withdrawn during the call opens nothing any more.
    await follow(page, "Access rules")
    await page.click("main table.list a")
    await publish(doorline, page, lambda: page.click("text=Remove the access rule"))
    start = len(agent.lines)
    house.ola.do("dtmf", digits="5")
    await asyncio.sleep(2)  # nothing to wait for: no door must open
    assert not [line for line in agent.lines[start:] if "edge" in line]
    await publish(doorline, page, lambda: page.click(".saved button"))
    house.ola.do("dtmf", digits="5")
    await opened(agent, start, "gate", "lobby", "lift")
    await house.hang_up()


async def test_what_is_saved_in_a_browser_the_next_call_does(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "tests/data/sites/manage.toml", **settings()) as doorline,
        phone(tmp_path, "panel", tone=440) as panel,
        phone(tmp_path, "kari", "--auto", "180") as kari,
        phone(tmp_path, "ola", "--auto", "180") as ola,
        chromium(builds=()) as browser,
    ):
        agent = await doorline.start_agent(SITE, "relays", ["gate", "lobby", "lift"])
        for who, device in ((panel, "panel"), (kari, "kari-phone"), (ola, "ola-phone")):
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        page = await (await start_webadmin(doorline)).way_in(browser)
        house = House(panel, kari, ola)
        await the_order_of_ringing(doorline, page, house)
        await rights_and_the_way_in(doorline, page, house, agent)
        assert await page.do("log") == []

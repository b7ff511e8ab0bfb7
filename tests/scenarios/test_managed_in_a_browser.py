"""What an admin saves in a browser, the next real call does: order of ringing, rights, the way in, lockdown.

One system for all of it: browser, WebAdmin, PBX, an agent with mock relays and two phones take long to start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from tests.support.faces import Page, chromium
from tests.support.phones import Phone, phone
from tests.support.system import ROOT, Program, System, system
from tests.support.webadmin import settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

SITE = "manage.example"
PATIENCE = 30.0
SAVE = "form[data-guard] > .bar button.action"
"""The form's own button."""


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

    def __init__(self, panel: Phone, *phones: Phone) -> None:
        self.panel, self.began = panel, 0
        self.phones = {each.name: each for each in phones}

    async def rings(self, *steps: str) -> None:
        """The next call rings who is named ("kari", or "kari ola" together), one step after the other.

        A step begins when all of the one before have refused, so nothing is left to the clock: whoever rings
        too early has rung before that.
        """
        seen = {name: len(each.log) for name, each in self.phones.items()}
        await self.tap()
        for place, step in enumerate(steps):
            for name in step.split():
                await self.phones[name].expect("incoming", after=seen[name], seconds=PATIENCE)
            assert self.rung(seen) == {name for each in steps[: place + 1] for name in each.split()}
            for name in step.split() if place + 1 < len(steps) else ():
                self.phones[name].do("refuse", code=603)
        await self.leave()
        await self.quiet(seen)

    async def tap(self) -> None:
        """A visitor calls."""
        self.began = len(self.panel.log)
        self.panel.do("call", to=f"sip:1@{SITE}")

    async def leave(self) -> None:
        """The visitor, or whoever talks, hangs up."""
        self.panel.do("hangup")
        await self.panel.expect("state", state="DISCONNECTED", after=self.began, seconds=PATIENCE)

    def rung(self, seen: Mapping[str, int]) -> set[str]:
        """Who has rung since."""
        logs = {name: each.log[seen[name] :] for name, each in self.phones.items()}
        return {name for name, log in logs.items() if any(entry["event"] == "incoming" for entry in log)}

    async def quiet(self, seen: Mapping[str, int]) -> None:
        """It is over for whoever rang since."""
        for name in self.rung(seen):
            await self.phones[name].expect("state", state="DISCONNECTED", after=seen[name], seconds=PATIENCE)

    async def talk(self, who: str) -> None:
        """Tap and answer."""
        phone = self.phones[who]
        heard = len(phone.log)
        await self.tap()
        await phone.expect("incoming", after=heard, seconds=PATIENCE)
        phone.do("answer")
        await self.panel.expect("state", state="CONFIRMED", after=self.began, seconds=PATIENCE)

    async def press(self, who: str) -> None:
        """The digit that opens."""
        phone = self.phones[who]
        before = len(phone.log)
        phone.do("dtmf", digits="5")
        await phone.expect("pressed", after=before, seconds=PATIENCE)


async def opened(agent: Program, after: int, *relays: str) -> None:
    """Wait until these relays have gone on since, in this order, and no other."""
    last = relays.count(relays[-1])
    await agent.often(rf"edge relay={relays[-1]} on=1", last, after=after, seconds=PATIENCE)
    edges = [line.split()[1].partition("=")[2] for line in agent.lines[after:] if " on=1 " in f"{line} "]
    assert edges == list(relays)
    await agent.often(rf"edge relay={relays[-1]} on=0", last, after=after, seconds=PATIENCE)


async def the_order_of_ringing(doorline: System, page: Page, house: House) -> None:
    await house.rings("kari", "ola")

    # By keyboard, while somebody talks and then while somebody rings: what runs, runs on as it began.
    await house.talk("kari")
    in_call, ringing = len(house.phones["kari"].log), len(house.phones["ola"].log)
    await follow(page, "Dial groups/Family")
    await page.do("press", at="button[aria-label='Kari: later']", key="Enter")
    await page.see("tbody tr:first-child >> text='Ola'")
    await publish(doorline, page, lambda: page.do("press", at=SAVE, key="Enter"))
    assert not [e for e in house.phones["kari"].log[in_call:] if e["event"] == "state"], "the call goes on"
    assert not [e for e in house.phones["ola"].log[ringing:] if e["event"] == "incoming"]
    await house.leave()
    await house.rings("ola", "kari")

    seen = {name: len(each.log) for name, each in house.phones.items()}
    await house.tap()
    await house.phones["ola"].expect("incoming", after=seen["ola"], seconds=PATIENCE)
    await page.do("drag", at="tbody tr:first-child td:nth-child(2)", to="tbody tr:last-child td:nth-child(2)")
    await page.see("tbody tr:first-child >> text='Kari'")
    await publish(doorline, page, lambda: page.click(SAVE))
    assert house.rung(seen) == {"ola"}
    house.phones["ola"].do("refuse", code=603)
    await house.phones["kari"].expect("incoming", after=seen["kari"], seconds=PATIENCE)
    await house.leave()
    await house.quiet(seen)
    await house.rings("kari", "ola")

    await page.click("input[name=ringing][value=simultaneous]")
    await publish(doorline, page, lambda: page.click(SAVE))
    await house.rings("kari ola")
    await publish(doorline, page, lambda: page.click(".saved button"))
    await house.rings("kari", "ola")


async def rights_and_the_way_in(doorline: System, page: Page, house: House, agent: Program) -> None:
    way = ("gate", "lobby", "lift")
    await follow(page, "Doors/Gate", "Change")
    for place, (door, seconds) in enumerate((("lobby", "1"), ("lift", "1"))):
        await page.do("select", at=f"[name=then-{place}-door]", value=door)
        await page.type(f"[name=then-{place}-delay]", seconds)
    await publish(doorline, page, lambda: page.click(SAVE))
    await page.see("svg.way")
    await house.talk("kari")
    start = len(agent.lines)
    await house.press("kari")
    await opened(agent, start, *way)

    # A lockdown stops the third: the others are ways out that it leaves alone. Had the lift followed after
    # all, it would stand between the two ways.
    await follow(page, "Doors", "Lockdown")
    await page.click("button.stop-action")
    await page.see("text=1 doors are locked down")
    await page.see(".locked >> text=Lift")
    start = len(agent.lines)
    await house.press("kari")
    await opened(agent, start, "gate", "lobby")
    await page.click("text=End the lockdown")
    await page.see("text=The lockdown is over")
    await house.press("kari")
    await opened(agent, start, "gate", "lobby", *way)

    # A right that is withdrawn during the call opens nothing any more: of two presses only the one after it
    # was given back does.
    await follow(page, "Access rules")
    await page.click("main table.list a")
    await publish(doorline, page, lambda: page.click("text=Remove the access rule"))
    start = len(agent.lines)
    await house.press("kari")
    await publish(doorline, page, lambda: page.click(".saved button"))
    assert not [line for line in agent.lines[start:] if "edge" in line]
    await house.press("kari")
    await opened(agent, start, *way)
    await house.leave()


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

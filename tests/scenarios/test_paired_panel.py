"""A panel from its pairing code to the day it is stolen: paired in WebAdmin, its own page in a browser, the
network lost, another key at the server, revoked (P15, P20, P22; issue 6, "done when" 5 and 6)."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from intercom import VERSION
from tests.scenarios.test_asleep import ask
from tests.support.faces import Chromium, Page, chromium
from tests.support.ports import free_port
from tests.support.soon import soon
from tests.support.system import ROOT, Program, System, system
from tests.support.webadmin import WebAdmin, settings, start_webadmin
from tests.webadmin.people_of_two_houses import PASSWORD

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(600)]

SITE = "pass.example"
NEVER_MADE = "ABCD2345"


@dataclass(slots=True)
class House:
    """The system, its admin's page, and the device at the door."""

    doorline: System
    browser: Chromium
    client: ClientSession
    webadmin: WebAdmin
    admin: Page
    file: Path
    kiosk: str
    pbx: str

    async def code(self) -> str:
        """A pairing code as the admin gets it."""
        await self.admin.click("aside.side nav >> text='Panels'")
        await self.admin.click("main table.list >> text='Panel'")
        await self.admin.click("main >> text='Pair a device'")
        await self.admin.click("main >> text='Make a code'")
        return (await self.admin.text("main dd.key")).strip()

    async def pair(self, code: str) -> tuple[int, str]:
        """Exit code and output of the command on the device."""
        program = await self.doorline.start(
            f"pair {code}",
            *("-m", "intercom", "pair", code, "--server", self.webadmin.url, "--config", str(self.file)),
            *("--sip", f"udp:127.0.0.1:{self.doorline.udp}"),
        )
        status = await asyncio.wait_for(program.process.wait(), 60)
        await soon(lambda: _truly(program.closed))
        return status, "\n".join(program.lines)

    async def agent(self) -> Program:
        """Start it; returns when it is registered."""
        program = await self.doorline.start("agent", "-m", "intercom", "--config", str(self.file))
        await program.says("line state=registered", seconds=60)
        return program

    async def resident(self) -> Page:
        """Kari's app, ready to ring."""
        address = f"kari@{SITE}"
        await self.doorline.command("-m", "tests.support.resident_account", SITE, "kari", address)
        page = await self.browser.open("kari", f"{self.webadmin.url}/app/", width=390, height=844)
        await page.type("input[name=email]", address)
        await page.type("input[name=password]", PASSWORD)
        await page.click("button[type=submit]")
        await page.see(".standing.good")
        return page

    async def asked(self, url: str, token: str = "", **headers: str) -> int:
        """The status of a GET, with a device's token."""
        given = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.client.get(url, headers={**given, **headers}) as answer:
            return answer.status


async def _truly(value: bool) -> bool:
    return value


@asynccontextmanager
async def house(var: Path) -> AsyncIterator[House]:
    kiosk = free_port()
    own = settings()
    page = f"http://127.0.0.1:{kiosk}"
    own["HTTP__PUBLIC_ORIGINS"] = json.dumps([page, f"http://127.0.0.1:{own['WEBADMIN__PORT']}"])
    async with (
        system(var, ROOT / "tests/data/sites/pass.toml", **own) as doorline,
        chromium() as browser,
        ClientSession() as client,
    ):
        webadmin = await start_webadmin(doorline)
        file = var / "door.toml"
        file.write_text(
            f'state_directory = "{var}/door"\n[guard]\npins = "mock"\n[relays.gate]\npin = 17\n'
            f"[relays.flat]\npin = 18\n[kiosk]\nport = {kiosk}\nbrowser_line = true\n"
        )
        admin = await webadmin.way_in(browser)
        pbx = f"http://127.0.0.1:{doorline.http}"
        yield House(doorline, browser, client, webadmin, admin, file, page, pbx)


def run_out(database: Path) -> None:
    """Every code there is was made more than ten minutes ago."""
    then = datetime.now(UTC) - timedelta(seconds=1)
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("UPDATE pairing_code SET expires_at = ?", (then.strftime("%Y-%m-%d %H:%M:%S.%f"),))


async def paired(lived: House) -> Program:
    """By a code that is good, and by no other; both keys of the servers stay here."""
    late = await lived.code()
    run_out(lived.doorline.var / "admin.db")
    for wrong in (NEVER_MADE, late):
        status, output = await lived.pair(wrong)
        assert status == 1 and "ti minutter" in output, output
    code = await lived.code()
    status, output = await lived.pair(code)
    assert (status, output) == (0, f"paired as panel of {SITE}"), output
    kept, keys = lived.file.parent / "door", lived.doorline.var / "keys"
    assert (kept / "paired-order.pub").read_text() == (keys / "order_ed25519.pub").read_text()
    assert (kept / "paired-pass.pub").read_text() == (keys / "pass_ed25519.pub").read_text()
    assert (kept / "paired.secret").stat().st_mode & 0o077 == 0
    before = (kept / "paired.secret").read_text()
    status, output = await lived.pair(code)
    assert status == 1 and (kept / "paired.secret").read_text() == before, "a code works once"
    return await lived.agent()


async def visited(lived: House, agent: Program, panel: Page, kari: Page) -> None:
    """The agent's own page: a name, a call, the door, which is the agent's own."""
    await panel.click(".touch")
    await panel.click('.row:has-text("Kari")')
    await kari.see(".call.ringing")
    await kari.sees_picture()
    await kari.click(".round.open")
    await panel.see(".state.connected")
    before = len(agent.lines)
    await kari.hold(".hold")
    await agent.says(r"edge relay=gate on=1", after=before)
    await panel.see(".state.open")
    await agent.says(r"edge relay=gate on=0", after=before)
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await panel.click(".acts .key:last-child")
    await panel.see(".idle")


async def guest(agent: Program, kari: Page) -> str:
    """Kari lets somebody in by a code, which the agent soon has on paper."""
    before, now = len(agent.lines), datetime.now(UTC)
    wish = {"site": SITE, "label": "Guest", "doors": ["gate"], "uses": None}
    times = {"start": now.isoformat(), "end": (now + timedelta(hours=2)).isoformat()}
    made = await ask(kari, "POST", "guests", {**wish, **times})
    await agent.says(r"papers=1", after=before, seconds=60)
    return str(made["pin"])


async def typed(panel: Page, code: str) -> None:
    """Somebody types a code on the screen."""
    await panel.click(".touch")
    await panel.click(".bar .key:has-text('Code')")
    for sign in code:
        await panel.click(f'.keys button:text-is("{sign}")')
    await panel.click(".code .key.primary")


async def by_code(agent: Program, panel: Page, pin: str) -> None:
    """A code on the screen opens; one that is none does not."""
    before = len(agent.lines)
    await typed(panel, "9999")
    await panel.see(".wrong:has-text('That code opens nothing now')")
    await panel.click(".bar .key:has-text('Back')")
    await panel.do("reload")
    await panel.see(".idle")
    await typed(panel, pin)
    await panel.see(".state.open")
    await agent.says(r"edge relay=gate on=1", after=before)
    await agent.says(r"edge relay=gate on=0", after=before)
    await panel.do("reload")
    await panel.see(".idle")


async def used_elsewhere(lived: House) -> str:
    """The log-in is shown to the page at the door only; a panel's token opens nothing of anybody else's."""
    account = f"{lived.kiosk}/local/account"
    foreign = {"Origin": "https://evil.example"}
    assert await lived.asked(account, **foreign) == 403
    assert await lived.asked(account, Host="evil.example") == 403
    assert await lived.asked(account, **{"Sec-Fetch-Site": "cross-site"}) == 403
    async with lived.client.get(account) as answer:
        found: dict[str, Any] = await answer.json()
    token = str(found["token"])
    assert await lived.asked(f"{lived.pbx}/panels/directory", token) == 200
    assert await lived.asked(f"{lived.webadmin.url}/api/v1/panel/passes", token) == 200
    for private in ("me", "devices", "guests", "household", "me/export"):
        assert await lived.asked(f"{lived.webadmin.url}/api/v1/{private}", token) == 401, private
    other = ";".join([token.split(";")[0], "kari-phone", token.split(";")[2]])
    for path in ("panels/directory", "device/doors", "device/receipts"):
        assert await lived.asked(f"{lived.pbx}/{path}", other) == 401, path
    return token


async def cut_off(lived: House, agent: Program, panel: Page, pin: str) -> None:
    """The PBX is gone: the page says so, still shows the names, and codes open by papers."""
    assert lived.doorline.pbx is not None
    lived.doorline.pbx.process.kill()
    await lived.doorline.pbx.process.wait()
    await panel.see(".idle .notice")
    await panel.do("reload")  # as after a power cut
    await panel.see(".idle")
    await panel.click(".touch")
    await panel.see('.row:has-text("Kari")')
    await panel.click('.row:has-text("Kari")')
    await panel.see(".state.fault")
    await panel.do("reload")
    await panel.see(".idle .notice")
    before = len(agent.lines)
    await typed(panel, pin)
    await panel.see(".state.open")
    await agent.says(r"^door=gate opened", after=before)
    await agent.says(r"edge relay=gate on=0", after=before)


async def another_key(lived: House, agent: Program, kari: Page) -> None:
    """A server with another key opens nothing, until an admin pairs the panel anew."""
    for file in (lived.doorline.var / "keys").glob("order_ed25519*"):
        file.unlink()
    before = len(agent.lines)
    await lived.doorline.start_pbx()
    await kari.see(".standing.good")
    for _ in range(8):  # the agent's line may have to come back first
        await kari.hold(".hold:has-text('Gate')")
        try:
            await agent.says("order refused: 403 forged", after=before, seconds=10)
            break
        except AssertionError:
            continue
    refused = [line for line in agent.lines[before:] if "forged" in line]
    assert refused and not [line for line in agent.lines[before:] if "edge" in line], agent.lines[before:]


async def stolen(lived: House, agent: Program, panel: Page, kari: Page, token: str) -> None:
    """One click, and it is out on every channel."""
    await lived.admin.click("aside.side nav >> text='Panels'")
    await lived.admin.click("main table.list >> text='Panel'")
    await lived.admin.see(f"main >> text='Doorline intercom/{VERSION}'")
    before = len(agent.lines)
    await lived.admin.click("main >> text='Lost: revoke'")
    begin = asyncio.get_running_loop().time()
    for url in (f"{lived.pbx}/panels/directory", f"{lived.webadmin.url}/api/v1/panel/passes"):
        async with asyncio.timeout(60):
            while await lived.asked(url, token) != 401:
                await asyncio.sleep(0.1)
    assert asyncio.get_running_loop().time() - begin < 30
    await agent.says("papers=0", seconds=60, after=before)
    await panel.click(".touch")
    await panel.click('.row:has-text("Kari")')
    await panel.see(".state.fault, .state.nobody")
    assert await kari.count(".call") == 0


async def test_from_the_code_to_the_thief(tmp_path: Path) -> None:
    async with house(tmp_path) as lived:
        agent = await paired(lived)
        panel = await lived.browser.open("panel", f"{lived.kiosk}/", width=800, height=1280)
        await panel.see(".idle")
        kari = await lived.resident()
        await visited(lived, agent, panel, kari)
        pin = await guest(agent, kari)
        await by_code(agent, panel, pin)
        token = await used_elsewhere(lived)
        await cut_off(lived, agent, panel, pin)
        await another_key(lived, agent, kari)
        await stolen(lived, agent, panel, kari, token)

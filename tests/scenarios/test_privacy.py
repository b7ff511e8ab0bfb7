"""A residential day with a canary, whom an admin moved in: nothing durable, emitted or shown to an admin says
who was visited, when, or who opened."""

from __future__ import annotations

import asyncio
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.scenarios.test_operator_watches import login
from tests.support.ami import Operator, operator
from tests.support.faces import Page, chromium
from tests.support.phones import Phone, phone
from tests.support.system import ROOT, Program, System, system
from tests.support.webadmin import log_in_by_sheet, settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

SITE = "fjordgata.example"
HOUSE = ROOT / "config/sites/fjordgata.toml"
NAME, NUMBER = "Zanaria Kvitrud", "7731"
CANARIES = ("zanaria", "kvitrud", NUMBER)
"""A name (of which the device's is made) and a number that occur nowhere else."""

MOVES = ("contact", "call_id", "cseq", "expires_at", "remote_port", "key")
CHANGES = {("binding", column) for column in MOVES}
"""What a day may change: where a phone is registered now. (No column says what it was rung for.)"""

LOCKDOWN = {"lockdown", "audit_entry"}
"""Tables in which an admin's lockdown stands."""

DIRECTORY = {"binding"}
"""Tables of the PBX's database that name devices, whatever happens."""


Dump = dict[tuple[str, str], list[str]]


def dump(path: Path) -> Dump:
    """Every column of every table."""
    found: Dump = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            lines = rows.fetchall()
            for place, name in enumerate(names):
                found[table, name] = sorted(str(line[place]) for line in lines)
    return found


def changed(before: Dump, after: Dump) -> set[tuple[str, str]]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


async def capture(client: Operator, said: list[str]) -> None:
    """Everything AMI says, until the connection ends."""
    while data := await client.reader.read(65536):
        said.append(data.decode())


async def shown(admin: Page, url: str, *pages: str) -> str:
    """What an admin reads on these pages now."""
    texts = []
    for page in pages:
        await admin.do("goto", url=url + page)
        texts.append(await admin.text("main"))
    return "\n".join(texts)


async def moves_in(admin: Page, resident: Phone) -> None:
    """The canary gets a flat, a button and a telephone, all of it by forms."""
    await admin.click("aside.side nav >> text='People'")
    await admin.click("text=Move in")
    await admin.type("#name", NAME)
    await admin.type("#number", NUMBER)
    await admin.do("select", at="#unit", value="h0402")
    await admin.do("select", at="#device", value="phone")
    await admin.click("form[data-guard] > .bar button.action")
    await admin.see(".saved")
    await admin.click("aside.side nav >> text='Devices'")
    await admin.click("main table.list tr:has-text('Zanaria') a")
    await admin.click("text=Sheet with the log-in")
    await log_in_by_sheet(admin, resident)


async def locked_down_and_back(admin: Page) -> None:
    """The admin's part of the evening."""
    await admin.click("aside.side nav >> text='Doors'")
    await admin.click("main >> text='Lockdown'")
    await admin.click("button.stop-action")
    await admin.click("text=End the lockdown")
    await admin.see("text=The lockdown is over")


async def written_down(doorline: System, devices: int) -> None:
    """The PBX keeps where so many devices are: it does so a moment after they have registered."""
    async with asyncio.timeout(30):
        while len(dump(doorline.var / "pbx.db")["binding", "device"]) < devices:
            await asyncio.sleep(0.1)


async def a_day(doorline: System, scratch: Path, admin: Page, url: str, agent: Program) -> None:
    """A visit that is answered and opens, one that nobody takes while an admin looks on, a call between
    neighbours, a lockdown."""
    async with (
        phone(scratch, "panel", tone=440) as panel,
        phone(scratch, "resident", "--auto", "180", tone=700) as resident,
        phone(scratch, "neighbour", "--auto", "180", tone=900) as neighbour,
    ):
        await moves_in(admin, resident)
        for who, device in ((panel, "entrance"), (neighbour, "per-phone")):
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        changes = await shown(admin, url, "/history", "/audit")
        assert NAME in changes
        await written_down(doorline, 4)
        before = {name: dump(doorline.var / name) for name in ("admin.db", "pbx.db")}
        panel.do("call", to=f"sip:{NUMBER}@{SITE}")
        await resident.expect("incoming")
        resident.do("answer")
        await panel.confirmed()
        resident.do("dtmf", digits="5")
        await agent.says(r"edge relay=front on=1")
        resident.do("hangup")
        await panel.disconnected()
        after = len(resident.log)
        panel.do("call", to=f"sip:{NUMBER}@{SITE}")
        await resident.expect("incoming", after=after)
        looked = await shown(admin, url, "/live", "/alarms", "/visits", "/lockdown")
        assert "ringing" in looked.lower()
        assert not any(canary in looked.lower() for canary in CANARIES), looked
        assert await shown(admin, url, "/history", "/audit") == changes
        panel.do("hangup")
        neighbour.do("call", to=f"sip:{NUMBER}@{SITE}")
        await resident.expect("incoming", after=after + 1)
        neighbour.do("hangup")
        await asyncio.sleep(1.0)
        for name, old in before.items():
            assert changed(old, dump(doorline.var / name)) <= CHANGES, name
        await locked_down_and_back(admin)
        for name, old in before.items():
            assert {table for table, _ in changed(old, dump(doorline.var / name)) - CHANGES} <= LOCKDOWN, name


async def test_a_day_in_a_house_leaves_nothing_of_who_was_visited(tmp_path: Path) -> None:
    said: list[str] = []
    async with (
        system(tmp_path, HOUSE, LOG__LEVEL="debug", **settings()) as doorline,
        chromium(builds=()) as browser,
    ):
        webadmin = await start_webadmin(doorline)
        admin = await webadmin.way_in(browser)
        agent = await doorline.start_agent(SITE, "house-controller", ["front", "back"])
        async with operator("127.0.0.1", doorline.ami, *await login(doorline)) as client:
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(capture(client, said))
                await a_day(doorline, tmp_path, admin, webadmin.url, agent)
                for action in ("CoreShowChannels", "Status", "PJSIPShowEndpoints", "PJSIPShowContacts",
                               "SIPpeers", "DeviceStateList", "DoorList", "PanelList"):
                    client.send(f"Action: {action}")
                for line in ("core show channels concise", "dialplan show", "pjsip show endpoints",
                             "doorline calls", "doorline stats"):
                    client.send("Action: Command", f"Command: {line}")
                await asyncio.sleep(1.0)
                listening.cancel()
        await doorline.command("-m", "pbx.console", "backup", str(tmp_path / "backup.tar.gz"))
        assert doorline.pbx is not None
        log = "\n".join(doorline.pbx.lines)
    heard = "".join(said)
    assert "DoorOpened" in heard
    for canary in CANARIES:
        assert canary not in heard.lower(), "AMI"
        assert canary not in log.lower(), "log"
    look_into(tmp_path / "backup.tar.gz", tmp_path / "opened")


def look_into(backup: Path, directory: Path) -> None:
    """In a backup the canary is where the directory is, and nowhere else."""
    with tarfile.open(backup) as tar:
        tar.extractall(directory)  # our own file
    for (table, column), values in dump(directory / "pbx.db").items():
        text = " ".join(values).lower()
        assert table in DIRECTORY or not any(canary in text for canary in CANARIES), (table, column)
    for path in directory.rglob("*"):
        inside = path.is_file() and path.suffix != ".db" and "copies" not in path.parts
        if inside:
            text = path.read_text(errors="replace").lower()
            assert not any(canary in text for canary in CANARIES), path

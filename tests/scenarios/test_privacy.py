"""A residential day with a canary: nothing durable, emitted or shown to an admin says who was visited, when,
or who opened."""

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
from tests.support.phones import phone
from tests.support.system import ROOT, System, system
from tests.support.webadmin import settings, start_webadmin

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

SITE = "fjordgata.example"
CANARIES = ("zanaria", "kvitrud", "7731", "zanphone")
"""A name, a number and a device that occur nowhere else."""

MOVES = ("contact", "call_id", "cseq", "expires_at", "remote_port", "key")
CHANGES = {("binding", column) for column in MOVES}
"""What a day may change: where a phone is registered now. (No column says what it was rung for.)"""

DIRECTORY = {"binding"}
"""Tables of the PBX's database that name devices, whatever happens."""


def canary_house(directory: Path) -> Path:
    """Fjordgata, in which Kari is the canary."""
    text = (ROOT / "config/sites/fjordgata.toml").read_text()
    for old, new in (
        ("Kari Berg", "Zanaria Kvitrud"), ('number = "101"', 'number = "7731"'), ("kari-phone", "zanphone")
    ):
        assert old in text
        text = text.replace(old, new)
    path = directory / "canary.toml"
    path.write_text(text)
    return path


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


async def a_day(doorline: System, scratch: Path, admin: Page, url: str) -> None:
    """A visit that is answered and opens, one that nobody takes while an admin looks on, a call between
    neighbours."""
    async with (
        phone(scratch, "panel", tone=440) as panel,
        phone(scratch, "resident", "--auto", "180", tone=700) as resident,
        phone(scratch, "neighbour", "--auto", "180", tone=900) as neighbour,
    ):
        for who, device in ((panel, "entrance"), (resident, "zanphone"), (neighbour, "per-phone")):
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        await asyncio.sleep(0.5)
        before = {name: dump(doorline.var / name) for name in ("admin.db", "pbx.db")}
        panel.do("call", to=f"sip:1@{SITE}")
        await resident.expect("incoming")
        resident.do("answer")
        await panel.confirmed()
        resident.do("dtmf", digits="5")
        await asyncio.sleep(1.0)
        resident.do("hangup")
        await panel.disconnected()
        after = len(resident.log)
        panel.do("call", to=f"sip:1@{SITE}")
        await resident.expect("incoming", after=after)
        looked = await shown(admin, url, "/live", "/alarms", "/visits", "/history", "/audit", "/lockdown")
        assert "ringing" in looked.lower()
        assert not any(canary in looked.lower() for canary in CANARIES), looked
        panel.do("hangup")
        neighbour.do("call", to=f"sip:7731@{SITE}")
        await resident.expect("incoming", after=after + 1)
        neighbour.do("hangup")
        await asyncio.sleep(1.0)
        for name, old in before.items():
            assert changed(old, dump(doorline.var / name)) <= CHANGES, name


async def test_a_day_in_a_house_leaves_nothing_of_who_was_visited(tmp_path: Path) -> None:
    said: list[str] = []
    async with (
        system(tmp_path, canary_house(tmp_path), LOG__LEVEL="debug", **settings()) as doorline,
        chromium(builds=()) as browser,
    ):
        webadmin = await start_webadmin(doorline)
        admin = await webadmin.way_in(browser)
        agent = await doorline.start_agent(SITE, "house-controller", ["front", "back"])
        async with operator("127.0.0.1", doorline.ami, *await login(doorline)) as client:
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(capture(client, said))
                await a_day(doorline, tmp_path, admin, webadmin.url)
                for action in ("CoreShowChannels", "Status", "PJSIPShowEndpoints", "PJSIPShowContacts",
                               "SIPpeers", "DeviceStateList", "DoorList", "PanelList"):
                    client.send(f"Action: {action}")
                for line in ("core show channels concise", "dialplan show", "pjsip show endpoints",
                             "doorline calls", "doorline stats"):
                    client.send("Action: Command", f"Command: {line}")
                await asyncio.sleep(1.0)
                listening.cancel()
        assert agent.said(r"edge relay=front on=1")
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

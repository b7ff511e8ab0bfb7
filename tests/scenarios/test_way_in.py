"""Gate, lobby, lift from a phone's 5: order and time, interlock, lockdown over a restart, fire, and an agent
that is killed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.phones import Phone, phone
from tests.support.system import ROOT, Program, System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

SITE = "way.example"
SECOND = 1_000_000_000
INPUTS = """
[inputs.lobby-contact]
pin = 22
[inputs.alarm]
pin = 23
kind = "fire"
"""


async def play(doorline: System, name: str, on: bool) -> None:
    """Move an input of the agent's mock pins."""
    _, writer = await asyncio.open_unix_connection(str(doorline.var / "agent-relays" / "agent.sock"))
    writer.write(json.dumps({"input": name, "on": on}).encode() + b"\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


def edges(agent: Program, after: int, level: int = 1) -> list[tuple[str, int]]:
    """Which relay went on (or off) when, since line `after`."""
    found = (line.split() for line in agent.lines[after:] if line.startswith("edge "))
    return [
        (words[1].partition("=")[2], int(words[3].partition("=")[2]))
        for words in found
        if words[2] == f"on={level}"
    ]


async def talk(panel: Phone, kari: Phone) -> None:
    before, heard = len(panel.log), len(kari.log)
    panel.do("call", to=f"sip:1@{SITE}")
    await kari.expect("incoming", after=heard)
    kari.do("answer")
    await panel.expect("state", state="CONFIRMED", after=before)


def lock(doorline: System, door: str) -> None:
    """A lockdown of before the restart, as the PBX writes it down."""
    with sqlite3.connect(doorline.var / "pbx.db") as database:
        until = datetime.now(UTC).timestamp() + 600
        database.execute("INSERT INTO lockdown VALUES (?, ?, 'caretaker', ?)", (SITE, door, until))
    database.close()


async def test_gate_lobby_lift(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "tests/data/sites/way.toml") as doorline,
        phone(tmp_path, "panel", tone=440) as panel,
        phone(tmp_path, "kari", "--auto", "180", tone=700) as kari,
    ):
        agent = await doorline.start_agent(SITE, "relays", ["gate", "lobby", "lift"], more=INPUTS)
        for who, device in ((panel, "panel"), (kari, "kari-phone")):
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        await talk(panel, kari)

        start = len(agent.lines)
        kari.do("dtmf", digits="5")
        await agent.says(r"edge relay=lift on=1", after=start)
        (gate, at_gate), (lobby, at_lobby), (lift, at_lift) = edges(agent, start)
        assert (gate, lobby, lift) == ("gate", "lobby", "lift")
        assert 0.9 * SECOND < at_lobby - at_gate < 2 * SECOND
        assert 1.9 * SECOND < at_lift - at_lobby < 3 * SECOND
        await agent.says(r"edge relay=lift on=0", after=start)

        # The lift waits for the lobby's door to be shut.
        start = len(agent.lines)
        kari.do("dtmf", digits="5")
        await agent.says(r"edge relay=lobby on=1", after=start)
        await play(doorline, "lobby-contact", True)
        await asyncio.sleep(4)
        assert [name for name, _ in edges(agent, start)] == ["gate", "lobby"]
        await play(doorline, "lobby-contact", False)
        await agent.says(r"edge relay=lift on=1", after=start)
        kari.do("hangup")
        await panel.disconnected()

        # A lockdown outlives the PBX and stops the third door.
        assert doorline.pbx is not None
        doorline.pbx.process.kill()
        await doorline.pbx.process.wait()
        lock(doorline, "lift")
        await doorline.start_pbx()
        await talk(panel, kari)
        start = len(agent.lines)
        kari.do("dtmf", digits="5")
        await agent.says(r"edge relay=lobby on=1", after=start)
        await asyncio.sleep(4)
        assert [name for name, _ in edges(agent, start)] == ["gate", "lobby"]

        # Fire opens the way out; a killed agent leaves every door as it rests.
        start = len(agent.lines)
        await play(doorline, "alarm", True)
        await agent.says(r"edge relay=lobby on=1", after=start)
        await asyncio.sleep(1.5)
        assert edges(agent, start, 0) == []
        agent.process.kill()
        await agent.says(r"edge relay=lobby on=0", after=start)
        await agent.says(r"^rest ns=", after=start)

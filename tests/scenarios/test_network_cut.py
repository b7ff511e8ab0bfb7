"""The network is cut for five minutes (P22; issue 6, "done when" 5): passes open all the while, then every
event arrives, none twice, though the server's answers are lost at first.

Five minutes of the clock on the wall: what waits, tries again and gives up does so in seconds of its own."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar

from tests.scenarios.test_operator_watches import login
from tests.scenarios.test_passes import SITE, House
from tests.support.ami import Operator, operator
from tests.support.cut import Cable, datagrams, streams
from tests.support.ports import free_port
from tests.support.soon import soon
from tests.support.system import ROOT, Program, System, system

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(900)]

CUT_SECONDS = 300.0
PAUSE = 15.0


async def play(agent: Path, name: str, on: bool) -> None:
    """Switch an input of the agent, which has mock pins."""
    _, writer = await asyncio.open_unix_connection(str(agent / "agent.sock"))
    writer.write(json.dumps({"input": name, "on": on}).encode() + b"\n")
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def heard(client: Operator, doors: int) -> Counter[str]:
    """What the operator is told until so many doors were opened and the battery is spoken of no more."""
    found: Counter[str] = Counter()
    async with asyncio.timeout(180):
        while found["DoorOpened"] < doors or not found["AlarmCleared"]:
            event = await client.event("UserEvent")
            [name] = event["UserEvent"]
            if name == "DoorOpened" or event.get("Alarm") == ["on_battery"]:
                found[name] += 1
    return found


async def cut_off(lived: House, cable: Cable, agent: Program, pin: str) -> int:
    """Everything that happens while nobody outside knows; how often the door was opened."""
    loop, files, opened = asyncio.get_running_loop(), lived.doorline.var / "agent-panel", 0
    end = loop.time() + CUT_SECONDS
    cable.out = True
    await play(files, "mains", True)
    while loop.time() < end:
        # The first one asks the PBX, which does not answer any more.
        assert await lived.type(pin) == {"result": "opened", "door": "gate"}  # no directory here: its id
        opened += 1
        await asyncio.sleep(min(PAUSE, max(0.0, end - loop.time())))
    await agent.says("line state=away")
    assert await lived.type("000000") == {"result": "denied"}
    await play(files, "mains", False)
    return opened


async def start(lived: House, cable_udp: int, papers: int, kiosk: int) -> Program:
    """The agent, all of whose ways lead over the cable."""
    doorline: System = lived.doorline
    more = (
        f'[kiosk]\nport = {kiosk}\n[documents]\npasses = "http://127.0.0.1:{papers}/api/v1/panel/passes"\n'
        f'pass_key_file = "{doorline.var}/keys/pass_ed25519.pub"\n[inputs.mains]\npin = 6\nkind = "battery"\n'
    )
    straight, doorline.udp = doorline.udp, cable_udp
    try:
        return await doorline.start_agent(SITE, "panel", ["gate", "flat"], more=more)
    finally:
        doorline.udp = straight


async def test_five_minutes_without_a_network(tmp_path: Path) -> None:
    web, kiosk, cable = free_port(), free_port(), Cable()
    settings = {"WEBADMIN__PORT": str(web), "WEBADMIN__TLS_HOST": "", "WEBADMIN__WORKERS": "1"}
    async with (
        system(tmp_path, ROOT / "tests/data/sites/pass.toml", **settings) as doorline,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
        datagrams(cable, doorline.udp) as by_cable,
        streams(cable, web) as papers,
    ):
        lived = House(doorline, client, web, kiosk)
        server = await doorline.start("webadmin", "-m", "webadmin", "serve")
        await server.says("Booting worker", seconds=60)
        guest = lived.give("gate")
        agent = await start(lived, by_cable, papers, kiosk)
        await soon(lambda: lived.known(guest), 60)
        await agent.says("papers=1", seconds=60)
        opened = await cut_off(lived, cable, agent, guest.pin)
        async with operator("127.0.0.1", doorline.ami, *await login(doorline)) as watching:
            before, cable.deaf = len(agent.lines), True
            cable.out = False
            await agent.says("line state=registered", seconds=120, after=before)
            async with asyncio.timeout(120):
                await cable.repeated.wait()  # the agent tells it all once more, for it heard no answer
            cable.deaf = False
            told = await heard(watching, opened)
            assert (await lived.type(guest.pin))["result"] == "opened"  # the next thing that is told
            more = await heard_once_more(watching)
        assert opened >= CUT_SECONDS / PAUSE * 0.5 and cable.lost > 0
        assert told == {"DoorOpened": opened, "AlarmRaised": 1, "AlarmCleared": 1}
        assert more == "DoorOpened"
        lived.close()


async def heard_once_more(client: Operator) -> str:
    """The next of these, which is no repetition of an old one."""
    async with asyncio.timeout(60):
        while True:
            event = await client.event("UserEvent")
            if event["UserEvent"] == ["DoorOpened"] or event.get("Alarm") == ["on_battery"]:
                return str(event["UserEvent"][0])

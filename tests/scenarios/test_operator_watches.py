"""An operator watches and steers by AMI while visitors ring, in an office and in a house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.ami import Message, Operator, operator
from tests.support.phones import Phone, phone
from tests.support.system import ROOT, System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]

OFFICE, HOUSE = "kontor.example", "fjordgata.example"


async def login(doorline: System, *more: str) -> tuple[str, str]:
    """A new account; the lines of its login."""
    classes = ("--read", "all", "--write", "all", *more)
    made = await doorline.command("-m", "pbx.console", "ami-account", "add", "op", *classes)
    secret = re.search(r"Secret: (\S+)", made)
    assert secret is not None
    return "Username: op", f"Secret: {secret[1]}"


async def until_hangup(client: Operator, channels: int) -> list[Message]:
    """Every event until so many channels are gone."""
    heard: list[Message] = []
    while sum(m.get("Event") == ["Hangup"] for m in heard) < channels:
        heard.append(await client.message(30))
    return heard


async def visit(panel: Phone, resident: Phone, address: str) -> None:
    """Ring, answer; both hear each other."""
    panel.do("call", to=address)
    await resident.expect("incoming")
    resident.do("answer")
    await panel.confirmed()


async def test_a_visit_in_an_office_and_a_hang_up(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "config/sites/kontor.toml") as doorline,
        phone(tmp_path, "street", tone=440) as panel,
        phone(tmp_path, "kari", "--auto", "180", tone=700) as kari,
        operator("127.0.0.1", doorline.ami, *await login(doorline)) as client,
    ):
        agent = await doorline.start_agent(OFFICE, "office-controller", ["glass"])
        for who, device in ((panel, "street"), (kari, "kari-phone")):
            await who.register(device, OFFICE, doorline.secrets[OFFICE, device], doorline.server())
        assert (await client.event("PeerStatus"))["PeerStatus"] == ["Reachable"]
        await visit(panel, kari, f"sip:kari@{OFFICE}")
        kari.do("dtmf", digits="5")
        await agent.says(r"edge relay=glass on=1")
        opened = await client.event("UserEvent")
        assert (opened["UserEvent"], opened["Door"], opened["Site"]) == (["DoorOpened"], ["glass"], [OFFICE])

        client.send("Action: CoreShowChannels")
        caller = await client.event("CoreShowChannel")
        callee = await client.event("CoreShowChannel")
        assert caller["Channel"][0].startswith("PJSIP/street-")
        assert callee["Channel"][0].startswith("PJSIP/kari-phone-")
        assert caller["BridgeId"] == callee["BridgeId"] != [""]
        assert opened["Linkedid"] == caller["Linkedid"]

        ladder = await doorline.command("-m", "pbx.console", "call", caller["Channel"][0], "--full")
        assert "INVITE sip:kari@kontor.example" in ladder
        assert "response=" not in ladder
        assert re.search(r"Authorization: \*\*\*", ladder)

        client.send("Action: Hangup", f"Channel: {callee['Channel'][0]}")
        heard = await until_hangup(client, 2)
        await panel.disconnected()
        assert {m["Cause-txt"][0] for m in heard if m.get("Event") == ["Hangup"]} == {"Normal Clearing"}
        client.send("Action: CoreShowChannels")
        assert (await client.event("CoreShowChannelsComplete"))["ListItems"] == ["0"]


async def test_a_visit_in_a_house_names_nobody(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "config/sites/fjordgata.toml") as doorline,
        phone(tmp_path, "entrance", tone=440) as panel,
        phone(tmp_path, "kari", "--auto", "180", tone=700) as kari,
        operator("127.0.0.1", doorline.ami, *await login(doorline)) as client,
    ):
        agent = await doorline.start_agent(HOUSE, "house-controller", ["front", "back"])
        for who, device in ((panel, "entrance"), (kari, "kari-phone")):
            await who.register(device, HOUSE, doorline.secrets[HOUSE, device], doorline.server())
        await visit(panel, kari, f"sip:kari@{HOUSE}")
        calls = await doorline.command("-m", "pbx.console", "calls")
        name = calls.split()[-1]
        kari.do("dtmf", digits="5")
        await agent.says(r"edge relay=front on=1")
        heard = [await client.message(30)]
        while heard[-1].get("UserEvent") != ["DoorOpened"]:  # the controller's word comes after its relay
            heard.append(await client.message(30))
        kari.do("hangup")
        heard += await until_hangup(client, 2)
        ladder = await doorline.command("-m", "pbx.console", "call", calls.split()[0], "--full")
        assert name.startswith("PJSIP/private-")
        text = "\n".join(f"{k}: {v}" for m in heard for k, values in m.items() for v in values)
        opened = next(m for m in heard if m.get("UserEvent") == ["DoorOpened"])
        assert set(opened) == {"Event", "Privilege", "UserEvent", "Site", "Door", "Method", "Result"}
        for said in (text, ladder, calls):
            assert not re.search(r"kari|Berg|nordmann|(?<![\d.])101\b", said, re.IGNORECASE), said
        visit_events = [m for m in heard if "Uniqueid" in m or "DestUniqueid" in m]
        assert visit_events
        assert not any("entrance" in value for m in visit_events for values in m.values() for value in values)

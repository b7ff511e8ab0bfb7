"""Clients we did not write, unchanged from PyPI, and the sequence of Home Assistant's AMI integration."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from pbx.facts import CallStarted, DigitPressed, DoorOpened, EndReason, Fact, LegEnded, LegPlaced, LegRang
from tests.support.ami import OFFICE, House, ami_house, operator
from tests.support.jssip import node
from tests.support.peers import need_module
from tests.support.phones import stop
from tests.support.system import ROOT

FACTS: list[Fact] = [
    CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Nordmann", "d-panel"),
    LegPlaced(OFFICE, "c1", "l1", "d-kari"),
    LegRang(OFFICE, "c1", "l1"),
    DigitPressed(OFFICE, "c1", "l1", "5", "rfc4733"),
    DoorOpened(OFFICE, "front", "visitor_call", "c1"),
    LegEnded(OFFICE, "c1", "l1", "d-kari", EndReason.NORMAL),
]


async def tell(house: House, facts: list[Fact] = FACTS) -> None:
    for fact in facts:
        house.facts.publish(fact)
    await asyncio.sleep(0)


def asterisk_ami_session(house: House, heard: list[Any], answers: dict[str, Any]) -> None:
    """What WebAdmin does: log in, ask, listen, log off; in a thread, for the client blocks."""
    ami = need_module("asterisk.ami")
    client = ami.AMIClient(address=house.host, port=house.port)
    client.add_event_listener(lambda event, **_: heard.append(event))
    answers["login"] = client.login(username="op", secret=house.secret).response
    answers["ping"] = client.send_action(ami.SimpleAction("Ping")).response
    answers["reload"] = client.send_action(ami.SimpleAction("Reload")).response
    answers["sippeers"] = client.send_action(ami.SimpleAction("SIPpeers")).response
    answers["hangup"] = client.send_action(
        ami.SimpleAction("Hangup", Channel="PJSIP/kari-phone-00000002")
    ).response
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and not any(event.name == "Hangup" for event in heard):
        time.sleep(0.01)
    answers["logoff"] = client.logoff().response
    client.disconnect()  # it does not close its socket at Goodbye


@pytest.mark.timeout(20)
async def test_asterisk_ami_unchanged(tmp_path: Path) -> None:
    heard: list[Any] = []
    answers: dict[str, Any] = {}
    async with ami_house(tmp_path) as house:
        session = asyncio.to_thread(asterisk_ami_session, house, heard, answers)
        running = asyncio.get_running_loop().create_task(session)
        async with asyncio.timeout(10):
            while "login" not in answers:
                await asyncio.sleep(0.01)
            await tell(house)
            await running
    assert {name: answer.status for name, answer in answers.items()} == {
        "login": "Success",
        "ping": "Success",
        "reload": "Success",
        "sippeers": "Success",
        "hangup": answers["hangup"].status,
        "logoff": "Goodbye",
    }
    names = [event.name for event in heard]
    assert names[0] == "FullyBooted"
    assert {"Newchannel", "DialBegin", "Newstate", "DTMFEnd", "UserEvent", "Hangup"} <= set(names)
    opened = next(event for event in heard if event.name == "UserEvent")
    assert (opened.keys["UserEvent"], opened.keys["Door"]) == ("DoorOpened", "front")


@pytest.mark.timeout(20)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_panoramisk_unchanged(tmp_path: Path) -> None:
    panoramisk = need_module("panoramisk")
    heard: list[Any] = []
    async with ami_house(tmp_path) as house:
        manager = panoramisk.Manager(
            loop=asyncio.get_running_loop(),
            host=house.host,
            port=house.port,
            username="op",
            secret=house.secret,
        )
        manager.register_event("*", lambda _, message: heard.append(message))
        async with asyncio.timeout(10):
            await manager.connect()
            ping = await manager.send_action({"Action": "Ping"})
            assert ping.ping == "Pong"
            await tell(house)
            channels = await manager.send_action({"Action": "CoreShowChannels"})
            assert channels[1].channel == "PJSIP/panel-1-00000001"
            assert channels[-1].listitems == "1"
            endpoints = await manager.send_action({"Action": "PJSIPShowEndpoints"})
            assert [item.objectname for item in endpoints[1:-1]] == ["panel-1", "kari-phone", "gate"]
            command = await manager.send_command("core show channels")
            assert command.message == "Command output follows"
        manager.close()
        await asyncio.sleep(0.05)
    assert {"FullyBooted", "Newchannel", "DialBegin", "DTMFBegin", "Hangup"} <= {m.event for m in heard}


class NodeOperator:
    """asterisk-manager in Node; what it says is kept in `heard`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.heard: list[dict[str, Any]] = []

    def do(self, **action: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(action).encode() + b"\n")

    async def hears(self, kind: str, **fields: str) -> dict[str, Any]:
        """The first thing of that kind ("event", "called", "error") with these fields."""
        assert self.process.stdout is not None
        async with asyncio.timeout(15):
            while True:
                for said in self.heard:
                    found = said.get(kind)
                    if isinstance(found, dict) and fields.items() <= found.items():
                        return found
                line = await self.process.stdout.readline()
                assert line, f"it ended: {self.heard}"
                self.heard.append(json.loads(line))


@pytest.mark.peer
@pytest.mark.timeout(40)
async def test_asterisk_manager_of_npm_unchanged(tmp_path: Path) -> None:
    program = node("asterisk-manager")
    async with ami_house(tmp_path) as house:
        process = await asyncio.create_subprocess_exec(
            program,
            str(ROOT / "tests/peers/jssip/operator.mjs"),
            *(str(house.port), "op", house.secret),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            client = NodeOperator(process)
            await client.hears("event", event="FullyBooted")
            await tell(house, FACTS[:-1])
            await client.hears("event", event="UserEvent", userevent="DoorOpened", door="front")
            client.do(action="coreshowchannels", actionid="list")
            await client.hears("event", event="CoreShowChannelsComplete", actionid="list", listitems="2")
            client.do(action="command", command="core show channels", actionid="typed")
            await client.hears("called", message="Command output follows", actionid="typed")
            client.do(
                action="originate", channel="PJSIP/kari-phone", exten="102", priority="1", actionid="call"
            )
            await client.hears("called", message="Originate successfully queued", actionid="call")
            client.do(action="hangup", channel="PJSIP/kari-phone-00000002", actionid="end")
            await client.hears("called", message="Channel Hungup", actionid="end")
            client.do(action="sippeers", actionid="peers")
            await client.hears("event", event="PeerlistComplete", actionid="peers")
            await tell(house, FACTS[-1:])
            await client.hears("event", event="Hangup", **{"cause-txt": "Normal Clearing"})
        finally:
            await stop(process)


async def test_home_assistants_sequence(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        client.send("Action: SIPpeers", "ActionID: 1")
        assert (await client.event("PeerlistComplete"))["ListItems"] == ["3"]
        client.send("Action: PJSIPShowEndpoints", "ActionID: 2")
        assert (await client.event("EndpointListComplete"))["ListItems"] == ["3"]
        assert (await client.ask("Action: CoreSettings"))["AsteriskVersion"] == ["22.0.0"]
        await tell(house)
        for name in ("DeviceStateChange", "NewConnectedLine", "DTMFBegin", "Hangup"):
            message = await client.event(name)
            if name == "DTMFBegin":
                assert message["Direction"] == ["Received"]
                assert message["ConnectedLineNum"] == ["100"]
            if name == "Hangup":
                assert message["CallerIDNum"] == ["101"]
                assert message["Cause-txt"] == ["Normal Clearing"]

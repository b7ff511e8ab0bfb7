"""An operator begins a call between two real phones and opens a door, by AMI; metrics agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.scenarios.test_operator_watches import OFFICE, login
from tests.support.ami import operator
from tests.support.phones import phone
from tests.support.system import ROOT, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]


async def test_originate_and_door_open(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "config/sites/kontor.toml") as doorline,
        phone(tmp_path, "kari", "--auto", "180", tone=700) as kari,
        phone(tmp_path, "other", "--auto", "180", tone=900) as other,
        operator("127.0.0.1", doorline.ami, *await login(doorline)) as client,
    ):
        agent = await doorline.start_agent(OFFICE, "office-controller", ["glass"])
        second = next(
            device
            for site, device in sorted(doorline.secrets)
            if site == OFFICE and device.endswith("-phone") and device != "kari-phone"
        )
        for who, device in ((kari, "kari-phone"), (other, second)):
            await who.register(device, OFFICE, doorline.secrets[OFFICE, device], doorline.server())
        client.send(
            "Action: Originate", "ActionID: call", "Channel: PJSIP/kari-phone", f"Exten: {second}",
            "Priority: 1", "Async: true",
        )
        await kari.expect("incoming")
        assert not other.saw("incoming")
        kari.do("answer")
        told = await client.event("OriginateResponse")
        assert (told["ActionID"], told["Response"]) == (["call"], ["Success"])
        await other.expect("incoming")
        other.do("answer")
        await client.event("BridgeEnter")
        assert await kari.hears(900)
        assert await other.hears(700)
        client.send("Action: Hangup", f"Channel: {told['Channel'][0]}")
        await other.disconnected()
        client.send("Action: DoorOpen", f"Site: {OFFICE}", "Door: glass", "ActionID: door")
        await agent.says(r"edge relay=glass on=1")
        async with ClientSession() as web, web.get(f"http://127.0.0.1:{doorline.http}/metrics") as answer:
            text = await answer.text()
        assert "doorline_facts_calls_started_total 1.0" in text
        assert 'doorline_facts_calls_ended_total{reason="operator"} 1.0' in text
        assert 'doorline_facts_registrations_total{kind="new"} 3.0' in text

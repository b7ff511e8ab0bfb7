"""A visitor rings from a PJSIP panel; PJSIP phones ring, talk and open the door (issue's first story)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.phones import phone
from tests.support.system import ROOT, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]

HOUSE = ROOT / "config/sites/fjordgata.toml"
SITE = "fjordgata.example"


async def test_both_ring_one_answers_and_five_opens_the_right_relay(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with (
        system(tmp_path, HOUSE) as doorline,
        phone(tmp_path, "panel", tone=440) as panel,
        phone(tmp_path, "kari", "--auto", "180", tone=700) as kari,
        phone(tmp_path, "ola", "--auto", "180", tone=900) as ola,
    ):
        agent = await doorline.start_agent(SITE, "house-controller", ["front", "back"])
        for who, device in ((panel, "entrance"), (kari, "kari-phone"), (ola, "ola-app")):
            await who.register(device, SITE, doorline.secrets[SITE, device], doorline.server())
        panel.do("call", to=f"sip:1@{SITE}")
        await kari.expect("incoming")
        await ola.expect("incoming")
        await panel.expect("state", state="EARLY")
        kari.do("answer")
        await panel.confirmed()
        await ola.disconnected()
        cancel = await ola.find(lambda e: e.get("text", "").startswith("CANCEL"), 1.0, "CANCEL")
        assert re.search(r'Reason: SIP;cause=200;text="Call completed elsewhere"', cancel["text"])
        assert await panel.hears(700)
        assert await kari.hears(440)
        kari.do("dtmf", digits="7")
        kari.do("dtmf", digits="5")
        edge = await agent.says(r"edge relay=(\w+) on=1 ns=(\d+)")
        assert edge[1] == "front"
        pressed = await kari.expect("pressed", digits="5")
        record_property("milliseconds from key to relay", (int(edge[2]) - pressed["ns"]) / 1e6)
        kari.do("hangup")
        await panel.disconnected()
        assert len(agent.said("edge relay=.* on=1")) == 1

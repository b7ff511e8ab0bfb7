from __future__ import annotations

import asyncio
import json
import math
import struct
from pathlib import Path

import pytest

from intercom.probe import RATE, main, share
from tests.support.phones import phone
from tests.support.system import ROOT, system

SITE = "fjordgata.example"


def test_a_tone_is_known_from_silence_and_from_another() -> None:
    tone = struct.pack("<4000h", *(int(9000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(4000)))
    assert share(tone, 440) > 0.9
    assert share(tone, 700) < 0.1
    assert share(bytes(8000), 440) == share(b"", 440) == 0.0


def test_usage() -> None:
    with pytest.raises(SystemExit):
        main([])


@pytest.mark.peer
@pytest.mark.timeout(90)
async def test_a_synthetic_resident_is_rung_listens_and_opens(tmp_path: Path) -> None:
    async with (
        system(tmp_path, ROOT / "config/sites/fjordgata.toml") as doorline,
        phone(tmp_path, "panel", tone=440) as panel,
    ):
        agent = await doorline.start_agent(SITE, "house-controller", ["front", "back"])
        secret = tmp_path / "probe.secret"
        secret.write_text(doorline.secrets[SITE, "kari-phone"])
        await panel.register("entrance", SITE, doorline.secrets[SITE, "entrance"], doorline.server())
        arguments = ("--site", SITE, "--user", "kari-phone", "--secret-file", str(secret), "--tone", "440")
        probe = await doorline.start(
            "probe", "-m", "intercom.probe", "--server", doorline.server(), *arguments
        )
        await asyncio.sleep(3.0)
        panel.do("call", to=f"sip:1@{SITE}")
        await agent.says(r"edge relay=front on=1", seconds=20)
        line = await probe.says(r"^\{.*\}$", seconds=20)
        found = json.loads(line[0])
        assert found["ok"], found
        assert {"registered", "rung", "talking", "heard", "pressed"} <= found["seconds"].keys()

"""Chromium with JsSIP as a resident's app: sees and hears a baresip panel, and opens the door."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, STORY
from tests.scenarios.test_video import film, packets
from tests.support.baresip import Baresip, Line, baresip
from tests.support.browser import browser, origin_of
from tests.support.ports import free_port
from tests.support.sound import RATE, WAV_HEADER, tone_share, write_tone
from tests.support.system import system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(150)]

APP = "kari-app"


def ever_heard(phone: Baresip, hertz: float) -> bool:
    """True when some second of what the phone received was that tone."""
    for recording in phone.directory.glob("dump-*-dec.wav"):
        frames = recording.read_bytes()[WAV_HEADER:]
        if any(tone_share(frames[at : at + 2 * RATE], hertz) > 0.5 for at in range(0, len(frames), 2 * RATE)):
            return True
    return False


async def test_the_app_sees_and_hears_the_panel_and_five_opens(tmp_path: Path) -> None:
    write_tone(str(tmp_path / "gate.wav"), 440.0, seconds=60.0)
    write_tone(str(tmp_path / "kari.wav"), 700.0, seconds=10.0)
    camera, port = film(tmp_path / "camera.mp4"), free_port()
    async with system(tmp_path, STORY, HTTP__PUBLIC_ORIGINS=json.dumps([origin_of(port)])) as doorline:
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        line = Line("gate", SITE, doorline.secrets[SITE, "gate"], doorline.server())
        async with (
            baresip(tmp_path, line, tone=tmp_path / "gate.wav", video=f"avformat,{camera}") as panel,
            browser(tmp_path, APP, port=port, tone=tmp_path / "kari.wav") as kari,
        ):
            await kari.sign_in(doorline, SITE, APP)
            await panel.registered()
            panel.do("dial", f"sip:kari@{SITE}")
            offer = (await kari.expect("incoming"))["body"]
            assert re.search(r"^m=video .*(?:\r?\n[^m].*)*\r?\na=sendonly", offer, re.MULTILINE)
            kari.do("answer")
            await panel.expect("CALL_ESTABLISHED")
            await kari.expect("connection", state="connected")
            assert await kari.sees(20)
            assert await kari.hears_tone(440)
            for way in ("info", "rfc4733"):
                before = len(agent.lines)
                kari.do("digit", digit="5", way=way)
                edge = await agent.says(r"edge relay=(\w+) on=1", after=before)
                assert edge[1] == "front", way
                await agent.says(r"edge relay=(\w+) on=0", after=before, seconds=15)
            kari.do("hangup")
            await panel.expect("CALL_CLOSED")
        assert ever_heard(panel, 700), "before the door was said to be open"
        _, shown = packets((panel.directory / "output").read_text(), "video")
        assert shown == 0, "the visitor never sees the resident"

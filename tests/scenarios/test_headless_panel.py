"""A panel without browser or screen, by our own SIP library and aiortc's codecs: residents see the visitor
before they answer, both hear each other, and five opens (issue's first story, with the panel of our own)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, STORY
from tests.support.browser import browser, origin_of
from tests.support.phones import Phone
from tests.support.ports import free_port
from tests.support.sound import tone_share
from tests.support.system import Program, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(150)]

APP, PHONE = "kari-app", "ola-phone"


def panel_settings(scratch: Path, codec: str) -> str:
    """A test pattern, a tone, and a speaker of ALSA's that writes what it plays into a file."""
    (scratch / "asound.conf").write_text(
        "pcm.loud {\n type file\n slave.pcm { type null }\n"
        f' file "{scratch / "heard.raw"}"\n format "raw"\n}}\n'
    )
    return (
        '[audio]\nsource = "tone"\ntone_hz = 440\nspeaker = "alsa:loud"\n'
        f'[video]\nsource = "pattern"\nwidth = 320\nheight = 240\ncodecs = ["{codec}"]\n'
    )


def plays(scratch: Path, hertz: float) -> bool:
    """Whether some half second of what the speaker played was that tone."""
    frames = (scratch / "heard.raw").read_bytes()
    thin = b"".join(frames[at : at + 2] for at in range(0, len(frames) - 1, 12))  # 48 kHz to 8 kHz
    return any(tone_share(thin[at : at + 8000], hertz) > 0.5 for at in range(0, len(thin) - 8000, 4000))


async def five_opens(kari: Phone, agent: Program, *ways: str) -> None:
    for way in ways:
        before = len(agent.lines)
        kari.do("digit", digit="5", way=way)
        edge = await agent.says(r"edge relay=(\w+) on=1", after=before, seconds=20)
        assert edge[1] == "front", way
        await agent.says(r"edge relay=(\w+) on=0", after=before, seconds=20)


async def test_the_app_sees_who_stands_at_a_panel_without_browser(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    port = free_port()
    async with (
        system(tmp_path, STORY, HTTP__PUBLIC_ORIGINS=json.dumps([origin_of(port)])) as doorline,
        browser(tmp_path, APP, port=port) as kari,
    ):
        settings = panel_settings(tmp_path, "h264")
        doorline.environment["ALSA_CONFIG_PATH"] = str(tmp_path / "asound.conf")
        controller = await doorline.start_agent(SITE, "controller", ["front"])
        panel = await doorline.start_agent(SITE, "gate", [], more=settings)
        await panel.says("studio ready video=1", seconds=30)
        await kari.sign_in(doorline, SITE, APP, hertz=700.0)
        config = str(tmp_path / "agent-gate" / "intercom.toml")
        visitor = await doorline.start("visitor", "-m", "intercom", "--config", config, "--call", "kari")
        offer = (await kari.rings())["body"]
        assert re.search(r"^m=video .*(?:\r?\n[^m].*)*\r?\na=sendonly", offer, re.MULTILINE)
        picture = await kari.sees_who_rings()
        record_property("milliseconds from tap to picture", picture["tap"])
        assert await kari.shows(10)
        assert not visitor.said("state=connected")
        kari.do("answer")
        await visitor.says("panel state=connected", seconds=20)
        await kari.expect("connection", seconds=20, state="connected")
        assert await kari.sees(20)
        assert await kari.hears_tone(440)
        await five_opens(kari, controller, "info", "rfc4733")
        kari.do("hangup")
        await visitor.says("panel state=ended", seconds=20)
        counted = await panel.says(r"studio sent audio=\d+ video=(\d+) heard=\d+ keys=(\d+)", seconds=20)
        assert int(counted[1]) > 30 and int(counted[2]) >= 1
        assert plays(tmp_path, 700)

"""A panel without browser or screen, by our own SIP library and aiortc's codecs: residents see the visitor
before they answer, both hear each other, and five opens (issue's first story, with the panel of our own)."""

from __future__ import annotations

import asyncio
import json
import re
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pbx.calls.farewell import LEAST_SECONDS
from tests.scenarios.house import SITE, STORY
from tests.support.browser import Browser, browser, origin_of
from tests.support.phones import Phone, phone
from tests.support.ports import free_port
from tests.support.sound import tone_share
from tests.support.system import Program, System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

APP, PHONE = "kari-app", "ola-phone"
RING_BACK = 425.0


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


def heard(scratch: Path) -> bytes:
    """What the speaker played, 48 kHz made 8 kHz."""
    frames = (scratch / "heard.raw").read_bytes()
    return b"".join(frames[at : at + 2] for at in range(0, len(frames) - 1, 12))


async def plays(scratch: Path, hertz: float) -> bool:
    """True as soon as some half second of what the speaker played was that tone."""
    for _ in range(80):
        thin = heard(scratch)
        if any(tone_share(thin[at : at + 8000], hertz) > 0.5 for at in range(0, len(thin) - 8000, 4000)):
            return True
        await asyncio.sleep(0.25)
    return False


@asynccontextmanager
async def gate_and_kari(
    scratch: Path, codec: str, transport: str
) -> AsyncIterator[tuple[System, Program, Program, Browser]]:
    """The house with the agent of its doors, our panel at its gate, and Kari's app in Chromium."""
    port = free_port()
    async with (
        system(scratch, STORY, HTTP__PUBLIC_ORIGINS=json.dumps([origin_of(port)])) as doorline,
        browser(scratch, APP, port=port) as kari,
    ):
        settings = panel_settings(scratch, codec)
        doorline.environment["ALSA_CONFIG_PATH"] = str(scratch / "asound.conf")
        controller = await doorline.start_agent(SITE, "controller", ["front"])
        panel = await doorline.start_agent(SITE, "gate", [], more=settings, transport=transport)
        await panel.says("studio ready video=1", seconds=30)
        await kari.sign_in(doorline, SITE, APP, hertz=700.0)
        yield doorline, controller, panel, kari


async def visit(doorline: System, button: str) -> Program:
    """Somebody at the gate chooses a button."""
    config = str(doorline.var / "agent-gate" / "intercom.toml")
    return await doorline.start("visitor", "-m", "intercom", "--config", config, "--call", button)


async def test_the_app_sees_who_stands_at_a_panel_without_browser(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with gate_and_kari(tmp_path, "h264", "udp") as (doorline, controller, panel, kari):
        visitor = await visit(doorline, "kari")
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
        assert await plays(tmp_path, 700)
        for way in ("info", "rfc4733"):
            before = len(controller.lines)
            kari.do("digit", digit="5", way=way)
            edge = await controller.says(r"edge relay=(\w+) on=1", after=before, seconds=20)
            assert edge[1] == "front", way
            await controller.says(r"edge relay=(\w+) on=0", after=before, seconds=20)
        kari.do("hangup")
        await visitor.says("panel state=ended", seconds=20)
        counted = await panel.says(r"studio sent audio=\d+ video=(\d+) heard=\d+ keys=(\d+)", seconds=20)
        assert int(counted[1]) > 30 and int(counted[2]) >= 1


@pytest.mark.slow
async def test_over_tls_by_srtp_and_vp8_while_a_telephone_answers(tmp_path: Path) -> None:
    async with (
        gate_and_kari(tmp_path, "vp8", "tls") as (doorline, controller, panel, kari),
        phone(tmp_path, PHONE, "--auto", "180", tone=900.0) as ola,
    ):
        await ola.register(PHONE, SITE, doorline.secrets[SITE, PHONE], doorline.server())
        visitor = await visit(doorline, "1")
        await kari.rings()
        await ola.expect("incoming")
        await kari.sees_who_rings()
        assert await kari.shows(10)
        ola.do("answer")
        await visitor.says("panel state=connected", seconds=20)
        assert await kari.shows_no_more()
        assert await ola.hears(440)
        assert await plays(tmp_path, 900)
        ola.do("dtmf", digits="5")
        assert (await controller.says(r"edge relay=(\w+) on=1", seconds=20))[1] == "front"
        ola.do("hangup")
        await visitor.says("panel state=ended", seconds=20)
        await panel.says("studio sent .* encoder=libvpx", seconds=20)
        await refused_sounds_like_silence(doorline, panel, ola)


async def refused_sounds_like_silence(doorline: System, panel: Program, ola: Phone) -> None:
    """Ola refuses at once: it goes on ringing for a while, and then nobody answered."""
    begin, after, before = asyncio.get_running_loop().time(), len(panel.lines), len(ola.log)
    visitor = await visit(doorline, "ola")
    await ola.expect("incoming", after=before)
    ola.do("refuse", code=603)
    await visitor.says("panel state=unanswered", seconds=30)
    assert asyncio.get_running_loop().time() - begin > LEAST_SECONDS
    await panel.says("studio sent", seconds=20, after=after)
    last = heard(doorline.var)[-32_000:]  # two seconds before the end: words, and no tone
    assert tone_share(last, RING_BACK) < 0.3
    assert max(abs(sample) for sample in array("h", last)) > 2000

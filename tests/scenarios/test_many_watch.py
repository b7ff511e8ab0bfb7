"""A panel rings five devices: each that can sees the visitor before anybody answers; one talks and opens.

Two apps in Chromium see by their tokens, a baresip station by early media; one telephone has no picture, one
declines. Seconds until each picture are recorded as properties of the test and decide nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.test_browser import SITE, WATCH, door_opens
from tests.scenarios.test_video import colours, film, packets, seen
from tests.support.baresip import Baresip, Line, baresip
from tests.support.browser import Browser, browsers, origin_of
from tests.support.phones import Phone, phone
from tests.support.ports import free_port
from tests.support.sound import RATE, WAV_HEADER, tone_share, write_tone
from tests.support.system import System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

Record = Callable[[str, object], None]


def line(doorline: System, device: str, answer: str = "manual") -> Line:
    return Line(device, SITE, doorline.secrets[SITE, device], doorline.server("tcp"), "tcp", answer)


def ever_heard(one: Baresip, hertz: float) -> bool:
    """True when some second of what the phone received was that tone."""
    for recording in one.directory.glob("dump-*-dec.wav"):
        frames = recording.read_bytes()[WAV_HEADER:]
        if any(tone_share(frames[at : at + 2 * RATE], hertz) > 0.5 for at in range(0, len(frames), 2 * RATE)):
            return True
    return False


def tags_of(panel: Baresip) -> set[str]:
    """Every To-tag that answers to the panel's INVITE had, as its SIP trace shows them."""
    text = (panel.directory / "output").read_text(errors="replace")
    answers = re.findall(r"^SIP/2\.0 \d{3} (?:.*\r?\n)+?(?=\r?\n)", text, re.MULTILINE)
    invited = [answer for answer in answers if re.search(r"^CSeq: \d+ INVITE", answer, re.MULTILINE)]
    accepted = [answer for answer in invited if not re.match(r"SIP/2\.0 (100|401|407)", answer)]
    assert len(accepted) >= 2, "a 183 and a 200"
    return {tag for answer in accepted for tag in re.findall(r"^To:.*;tag=([^;\s]+)", answer, re.MULTILINE)}


async def everybody_watches(
    panel: Baresip, station: Baresip, apps: list[Browser], phones: list[Phone], note: Record
) -> None:
    """All ring, each that can sees; nobody has answered yet."""
    camera = colours(panel.directory.parent / "camera.mp4")
    rang = time.monotonic()
    panel.do("dial", f"sip:everybody-button@{SITE}")

    async def hall() -> None:
        await seen(station, panel.directory.parent / "early.png", camera)
        note("hall-station: seconds until it was seen to show a picture", round(time.monotonic() - rang, 3))

    async with asyncio.TaskGroup() as group:
        group.create_task(hall())
        for app in apps:
            assert (await app.rings())["preview"].startswith("/preview/")
            picture = await app.sees_who_rings()
            note(f"{app.name}: seconds from ring to picture", round(picture["ring"] / 1000, 3))
            note(f"{app.name}: seconds from tap to picture", round(picture["tap"] / 1000, 3))
    for one in phones:
        await one.expect("incoming", seconds=20)
    await phones[1].disconnected(20)
    for app in apps:
        assert await app.shows(5)
    assert not any(event.get("type") == "CALL_ESTABLISHED" for event in panel.log)


async def preview_ends(app: Browser) -> None:
    """Nothing comes any more by the session that the token opened, and it is worth nothing."""
    assert await app.shows_no_more()
    after = len(app.log)
    app.do("unwatch")
    await app.expect("unwatched", seconds=20, after=after, status=404)


async def test_five_devices_ring_who_can_sees_and_one_answers(
    tmp_path: Path, record_property: Record
) -> None:
    for name, hertz in (("gate", 440.0), ("hall", 600.0)):
        write_tone(str(tmp_path / f"{name}.wav"), hertz, seconds=60.0)
    look, port = f"avformat,{film(tmp_path / 'camera.mp4')}", free_port()
    async with system(tmp_path, WATCH, HTTP__PUBLIC_ORIGINS=json.dumps([origin_of(port)])) as doorline:
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        gate, hall = line(doorline, "gate"), line(doorline, "hall-station", "early")
        async with (
            baresip(tmp_path, gate, tone=tmp_path / "gate.wav", video=look, trace=True) as panel,
            baresip(tmp_path, hall, tone=tmp_path / "hall.wav", video=look) as station,
            browsers(tmp_path, "kari-app", "ola-app", port=port) as (kari, ola),
            phone(tmp_path, "ola-phone", "--auto", "180", tone=900.0) as plain,
            phone(tmp_path, "per-phone", "--auto", "603", tone=500.0) as unwilling,
        ):
            await kari.sign_in(doorline, SITE, "kari-app", hertz=700.0)
            await ola.sign_in(doorline, SITE, "ola-app", hertz=800.0)
            for one in (plain, unwilling):
                await one.register(one.name, SITE, doorline.secrets[SITE, one.name], doorline.server())
            await panel.registered()
            await station.registered()
            await everybody_watches(panel, station, [kari, ola], [plain, unwilling], record_property)
            kari.do("answer")
            await panel.expect("CALL_ESTABLISHED", seconds=20)
            await kari.expect("connection", state="connected", seconds=20)
            assert await kari.sees(20)
            assert await kari.hears_tone(440)
            for app in (kari, ola):
                await preview_ends(app)
            await ola.expect("failed", seconds=20)
            await plain.disconnected(20)
            await station.expect("CALL_CLOSED", seconds=20)
            await door_opens(kari, agent)
            kari.do("hangup")
            await panel.expect("CALL_CLOSED", seconds=20)
        assert ever_heard(panel, 700), "before the door was said to be open"
        assert packets((panel.directory / "output").read_text(), "video")[1] == 0, "the visitor sees nobody"
        assert len(tags_of(panel)) == 1, "one early dialog, however many rang"

"""Residents see who rings before they answer: baresip panel and stations, the picture by token (P2, P3)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.scenarios.house import SITE, STORY
from tests.scenarios.test_video import alike, colours, film, packets, seen
from tests.support.baresip import Baresip, Line, baresip
from tests.support.sound import write_tone
from tests.support.system import System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


def line(doorline: System, device: str, answer: str = "manual") -> Line:
    secret = doorline.secrets[SITE, device]
    return Line(device, SITE, secret, doorline.server("tcp"), "tcp", answer)


def token_of(station: Baresip) -> str:
    """The preview's path, as the station's SIP trace shows it."""
    text = (station.directory / "output").read_text(errors="replace")
    return text.rpartition("Doorline-Preview: ")[2].split()[0]


async def picture_by_token(doorline: System, station: Baresip, scratch: Path, like: bytes) -> None:
    """The picture for a notification shows the camera's bars, and is not to be stored."""
    url = f"http://127.0.0.1:{doorline.http}{token_of(station)}.jpg"
    async with ClientSession() as client, client.get(url) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        path = scratch / "token.jpg"
        path.write_bytes(await answer.read())
    assert alike(colours(path), like)


async def test_a_ringing_station_sees_the_panel_before_it_answers(tmp_path: Path) -> None:
    for name, hertz in (("gate", 440.0), ("kari", 700.0)):
        write_tone(str(tmp_path / f"{name}.wav"), hertz, seconds=60.0)
    camera = film(tmp_path / "camera.mp4")
    look = f"avformat,{camera}"
    async with system(tmp_path, STORY) as doorline:
        async with (
            baresip(tmp_path, line(doorline, "gate"), tone=tmp_path / "gate.wav", video=look) as panel,
            baresip(
                tmp_path,
                line(doorline, "kari-phone", "early"),
                tone=tmp_path / "kari.wav",
                video=look,
                trace=True,
            ) as station,
        ):
            await panel.registered()
            await station.registered()
            panel.do("dial", f"sip:kari@{SITE}")
            await seen(station, tmp_path / "early.png", colours(camera))
            assert not any(event.get("type") == "CALL_ESTABLISHED" for event in panel.log)
            await picture_by_token(doorline, station, tmp_path, colours(camera))
            station.do("accept")
            await panel.expect("CALL_ESTABLISHED")
            await asyncio.sleep(1.0)
            await seen(station, tmp_path / "talk.png", colours(camera))
            station.do("hangup")
            await panel.expect("CALL_CLOSED")
            url = f"http://127.0.0.1:{doorline.http}{token_of(station)}.jpg"
            async with ClientSession() as client, client.get(url) as answer:
                assert answer.status == 404, "the preview ends with the ring"
        assert station.heard(440)
        sent, shown = packets((panel.directory / "output").read_text(), "video")
        assert shown == 0, "the visitor never sees the resident"
        assert packets((station.directory / "output").read_text(), "video")[1] >= sent * 0.9

"""Phones that protect their media, and one that does not: SDES by PJSIP and baresip, DTLS-SRTP by baresip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.house import SITE, STORY, TONES, house
from tests.scenarios.test_video import colours, film, packets, seen
from tests.support.baresip import Line, baresip
from tests.support.sound import write_tone
from tests.support.system import system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

WAYS = {"sdes": "mediaenc=srtp-mand", "dtls": "mediaenc=dtls_srtp;medianat=ice"}


async def test_pjsip_by_sdes(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone") as home:
        ola = await home.move_in("ola-phone", "--srtp")
        ola.do("call", to=f"sip:kari@{SITE}")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await ola.confirmed()
        assert await ola.hears(TONES["kari-phone"])
        assert await home["kari-phone"].hears(TONES["ola-phone"])
        ola.do("hangup")
        await home["kari-phone"].disconnected()
        assert any("RTP/SAVP" in event.get("text", "") for event in ola.log)


async def test_over_tls_we_offer_sdes_ourselves_and_nothing_less(tmp_path: Path) -> None:
    async with house(tmp_path, MEDIA__TLS_PROFILE="sdes") as home:
        kari = await home.move_in("kari-phone", "--srtp", transport="tls")
        ola = await home.move_in("ola-phone", transport="tls")
        gate = home["gate"]
        gate.do("call", to=f"sip:kari@{SITE}")
        await kari.expect("incoming", seconds=20)
        kari.do("answer")
        await gate.confirmed(20)
        assert await gate.hears(TONES["kari-phone"], 20)
        assert await kari.hears(TONES["gate"], 20)
        invite = next(e["text"] for e in kari.log if e.get("text", "").startswith("INVITE "))
        assert "RTP/SAVP " in invite and "RTP/AVP " not in invite
        gate.do("hangup")
        await kari.disconnected(20)
        after = len(gate.log)
        gate.do("call", to=f"sip:ola@{SITE}")
        await gate.expect("state", state="DISCONNECTED", after=after, seconds=20)
        assert not ola.saw("state", state="CONFIRMED"), "a phone without SRTP is not spoken to in clear"


@pytest.mark.parametrize("way", sorted(WAYS))
async def test_a_baresip_panel(tmp_path: Path, way: str) -> None:
    for name, hertz in (("gate", 440.0), ("kari", 700.0)):
        write_tone(str(tmp_path / f"{name}.wav"), hertz, seconds=60.0)
    camera = film(tmp_path / "camera.mp4")
    async with system(tmp_path, STORY) as doorline:
        server = doorline.server()
        gate = Line("gate", SITE, doorline.secrets[SITE, "gate"], server, secured=WAYS[way])
        kari = Line("kari-phone", SITE, doorline.secrets[SITE, "kari-phone"], server)
        look = f"avformat,{camera}"
        async with (
            baresip(tmp_path, gate, tone=tmp_path / "gate.wav", video=look) as panel,
            baresip(tmp_path, kari, tone=tmp_path / "kari.wav", video=look) as station,
        ):
            await panel.registered()
            await station.registered()
            panel.do("dial", f"sip:kari@{SITE}")
            await station.expect("CALL_INCOMING")
            station.do("accept")
            await panel.expect("CALL_ESTABLISHED")
            await seen(station, tmp_path / "seen.png", colours(camera))
            station.do("hangup")
            await panel.expect("CALL_CLOSED")
        assert panel.heard(700)
        assert station.heard(440)
        assert packets((panel.directory / "output").read_text(), "video")[1] == 0

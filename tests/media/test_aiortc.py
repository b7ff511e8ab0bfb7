"""Whole WebRTC calls with aiortc at one end and plain RTP at the other, through a worker process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from media import rtp
from media.engine import Failed
from tests.media import offers
from tests.media.aiortc_peer import AiortcPeer, aiortc_peer
from tests.media.calls import running
from tests.media.loopback import Phone

pytestmark = [pytest.mark.peer, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

FIRST = {"H264": b"\x65", "VP8": b"\x10"}   # how a packet with the whole of a picture begins
CODECS = {"H264": "a=fmtp:97 packetization-mode=1;profile-level-id=42e01f\r\n", "VP8": ""}


def panel_offer(panel: Phone, camera: Phone, codec: str) -> bytes:
    """A panel with PCMU and one video codec."""
    text = f"m=video {camera.port} RTP/AVP 97\r\na=rtpmap:97 {codec}/90000\r\n{CODECS[codec]}a=sendrecv\r\n"
    return offers.phone(panel.port, codecs="0") + text.encode()


async def until(fits: Callable[[], bool], step: Callable[[int], None]) -> None:
    """Step every 20 ms until it fits."""
    async with asyncio.timeout(20):
        for number in range(10_000):
            if fits():
                return
            step(number)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("codec", ["H264", "VP8"])
async def test_a_browser_answers_a_panel(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(1) as (engine, _), aiortc_peer(monkeypatch) as peer:
        panel, camera = Phone(), Phone()
        session = engine.open("c")
        session.receive_offer("a", panel_offer(panel, camera, codec), source="127.0.0.1", role="panel")
        offer = session.offer("b", like="a", toward="127.0.0.1", role="app", profile="webrtc")
        session.receive_answer("b", await peer.answer(offer), source="127.0.0.1")
        told = session.answer("a", like="b")
        session.connect("a", "b")
        heard: list[bytes] = []

        def speak(number: int) -> None:
            panel.send(offers.port_of(told), rtp.build(0, number, 160 * number, 7, b"\xff" * 160))
            frame = rtp.build(97, number, 3600 * number, 7, FIRST[codec] + bytes(900), marker=True)
            camera.send(offers.port_of(told, "video"), frame)
            heard.extend(panel.received())

        await until(lambda: peer.frames["audio"] > 20 and len(heard) > 20, speak)
        assert await peer.came("video") > 20
        assert camera.received() == [], "the visitor sees nobody"
        session.close()
        panel.close()
        camera.close()


@pytest.mark.parametrize("codec", ["H264", "VP8"])
async def test_a_browser_calls_a_video_phone(codec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(0) as (engine, _), aiortc_peer(monkeypatch) as peer:
        phone, screen = Phone(), Phone()
        session = engine.open("c")
        session.receive_offer("a", await peer.offer(), source="127.0.0.1", role="app")
        offered = session.offer("b", like="a", toward="127.0.0.1", role="station")
        assert b"RTP/AVP" in offered and b"fingerprint" not in offered
        session.receive_answer("b", panel_answer(offered, phone, screen, codec), source="127.0.0.1")
        answer = session.answer("a", like="b")
        session.connect("a", "b")
        await peer.accept(answer)
        heard: list[bytes] = []
        seen: list[bytes] = []

        def speak(number: int) -> None:
            phone.send(offers.port_of(offered), rtp.build(0, number, 160 * number, 7, b"\xff" * 160))
            heard.extend(phone.received())
            seen.extend(screen.received())

        await until(lambda: len(heard) > 20 and len(seen) > 20 and peer.frames["audio"] > 20, speak)
        session.close()
        phone.close()
        screen.close()


def panel_answer(offered: bytes, phone: Phone, screen: Phone, codec: str) -> bytes:
    """PCMU, and of the offered picture the first format of one codec."""
    lines = offers.lines(offered)
    rtpmap = next(line for line in lines if line.startswith("a=rtpmap:") and f" {codec}/" in line)
    number = rtpmap.removeprefix("a=rtpmap:").split()[0]
    fmtp = [line for line in lines if line.startswith(f"a=fmtp:{number} ")]
    video = [f"m=video {screen.port} RTP/AVP {number}", rtpmap, *fmtp]
    return offers.phone(phone.port, codecs="0", events=None) + ("\r\n".join(video) + "\r\n").encode()


async def test_another_certificate_than_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(0) as (engine, events), aiortc_peer(monkeypatch) as peer:
        panel = Phone()
        session = engine.open("c")
        session.receive_offer("a", offers.phone(panel.port), source="127.0.0.1", role="panel")
        offer = session.offer("b", like="a", toward="127.0.0.1", role="app", profile="webrtc")
        answer = (await peer.answer(offer)).decode().splitlines()
        other = "a=fingerprint:sha-256 " + ":".join(["AB"] * 32)
        text = "\r\n".join(other if "fingerprint:" in line else line for line in answer)
        session.receive_answer("b", (text + "\r\n").encode(), source="127.0.0.1")
        session.answer("a", like="b")
        session.connect("a", "b")
        assert await events.wait(Failed) == [Failed("c", "b", "fingerprint")]
        await asyncio.sleep(0.1)
        assert panel.received() == []
        session.close()
        panel.close()


async def test_hold_and_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(0) as (engine, _), aiortc_peer(monkeypatch) as peer:
        panel = Phone()
        session = engine.open("c")
        session.receive_offer("a", offers.phone(panel.port, codecs="0"), source="127.0.0.1", role="panel")
        offer = session.offer("b", like="a", toward="127.0.0.1", role="app", profile="webrtc")
        answer = await peer.answer(offer)
        session.receive_answer("b", answer, source="127.0.0.1")
        session.answer("a", like="b")
        session.connect("a", "b")
        await _hears(peer, panel)
        for direction in (b"sendonly", b"sendrecv"):
            renewed = answer.replace(b"a=sendrecv", b"a=" + direction)
            renewed = renewed.replace(b"setup:active", b"setup:actpass")
            session.receive_offer("b", renewed, source="127.0.0.1")
            session.offer("a", like="b")
            session.receive_answer("a", offers.phone(panel.port, codecs="0"), source="127.0.0.1")
            told = session.answer("b", like="a")
            assert (b"a=recvonly" in told) is (direction == b"sendonly")
        panel.received()
        await _hears(peer, panel)
        session.close()
        panel.close()


async def _hears(peer: AiortcPeer, panel: Phone) -> None:
    heard: list[bytes] = []
    await until(lambda: len(heard) > 10, lambda _: heard.extend(panel.received()))

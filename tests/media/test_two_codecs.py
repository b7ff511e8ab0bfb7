"""Whole calls between legs without a common codec, and prompts to them, through a running engine."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from media import rtp
from media.audio import codecs
from media.audio.g711 import decode
from media.embedded import EmbeddedEngine
from media.engine import Played
from media.session import Session
from tests.media import offers
from tests.media.audio.sounds import blocks, opened, packets, share, sine
from tests.media.calls import SECONDS, receive, running
from tests.media.loopback import Phone

OPUS = ("a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:97 telephone-event/48000")


def opus_phone(port: int, extra: str = "") -> bytes:
    return offers.sdp(f"m=audio {port} RTP/AVP 96 {extra}97".strip(), *OPUS)


def talk(engine: EmbeddedEngine, a: Phone, b: Phone) -> tuple[Session, int, int]:
    """A has only Opus, B only PCMA."""
    session = engine.open("c")
    session.receive_offer("a", opus_phone(a.port), source="127.0.0.1")
    to_b = session.offer("b", like="a", toward="127.0.0.1")
    assert b"m=audio" in to_b and b" 96 8 0 9 " in to_b      # what A has first, then what we turn into it
    session.receive_answer("b", offers.phone(b.port, codecs="8"), source="127.0.0.1")
    to_a = session.answer("a", like="b")
    assert b"opus/48000/2" in to_a and b"PCMA" not in to_a
    assert session.compatible("a", "b")
    session.connect("a", "b")
    return session, offers.port_of(to_a), offers.port_of(to_b)


async def through(sender: Phone, port: int, stream: list[bytes], listener: Phone) -> list[rtp.Packet]:
    """Send at the pace of speech until enough has come through."""
    heard: list[bytes] = []
    async with asyncio.timeout(SECONDS):
        for data in stream:
            sender.send(port, data)
            await asyncio.sleep(0.002)
            heard += listener.received()
    return opened(heard)


@pytest.mark.parametrize("workers", [0, 1])
async def test_opus_and_pcma_hear_each_other(workers: int) -> None:
    tone = blocks(sine(700, 1.0))
    async with running(workers) as (engine, _):
        a, b = Phone(), Phone()
        session, at_a, at_b = talk(engine, a, b)
        await asyncio.sleep(0.05)
        opus, pcma = codecs.encoder("opus", 8000), codecs.encoder("pcma", 8000)
        sent = [opus.encode(block.tobytes()) for block in tone]
        heard = await through(a, at_a, packets(sent, units=960, payload_type=96), b)
        assert share(decode("pcma", b"".join(one.payload for one in heard))[1600:], 700) > 0.9
        sent = [pcma.encode(block.tobytes()) for block in tone]
        heard = await through(b, at_b, packets(sent, ssrc=9), a)
        assert {one.payload_type for one in heard} == {96}
        assert len(heard) > 40
        session.close()
        a.close()
        b.close()


async def test_a_new_offer_may_bring_pass_through_back() -> None:
    async with running(0) as (engine, _):
        a, b = Phone(), Phone()
        session, at_a, _ = talk(engine, a, b)
        session.receive_offer("a", offers.phone(a.port, codecs="8"), source="127.0.0.1")
        session.offer("b", like="a")
        session.receive_answer("b", offers.phone(b.port, codecs="8"))
        session.answer("a", like="b")
        await asyncio.sleep(0.05)
        stream = packets([bytes(range(160))] * 20)
        heard = await through(a, at_a, stream, b)
        assert heard and {one.payload for one in heard} == {bytes(range(160))}
        session.close()
        a.close()
        b.close()


@pytest.mark.parametrize("workers", [0, 1])
async def test_a_prompt_is_heard_and_told(workers: int, tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "hello.pcma").write_bytes(b"\x11" * 160 * 5)
    async with running(workers, prompts=str(tmp_path)) as (engine, events):
        a, b = Phone(), Phone()
        session, _, _ = talk(engine, a, b)
        assert session.play("b", "nb/hello")
        found = [rtp.parse(await receive(b.rtp)) for _ in range(5)]
        assert {one.payload for one in found if one is not None} == {b"\x11" * 160}
        assert await events.wait(Played) == [Played("c", "b", "nb/hello", True)]
        assert session.play("a", "nb/hello")
        assert (await events.wait(Played, 2))[1] == Played("c", "a", "nb/hello", False)
        session.close()
        a.close()
        b.close()


async def test_who_has_not_agreed_to_anything_hears_nothing() -> None:
    async with running(0) as (engine, _):
        session = engine.open("c")
        session.receive_offer("a", opus_phone(4000))
        assert not session.play("a", "nb/hello")
        session.stop("a")
        session.close()

"""Sound of streams over real sockets on loopback: other codecs, tones, echoes, prompts' numbering."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from media import rtp
from media.audio import codecs
from media.audio.g711 import decode, encode
from tests.media.audio.sounds import blocks, opened, packets, share, sine
from tests.media.audio.sounds import key as pressed
from tests.media.loopback import Exchange, Phone, audio, exchange, key

CLEAN = {"sources": [[8, "pcma", 8000]], "clean": True}
TONES: dict[str, Any] = {"events": [], "tones": [[8, "pcma", 8000]]}


def tone_stream(digit: str, *, loud: float = 5000.0, sequence: int = 100) -> list[bytes]:
    sound = pressed(digit, 100, before=160, after=480, loud=loud)
    payloads = [encode("pcma", block) for block in blocks(sound)]
    return packets(payloads, sequence=sequence, timestamp=160 * sequence)


def send(made: Exchange, phone: Phone, port: int, stream: list[bytes]) -> None:
    for data in stream:
        phone.send(port, data)
        made.run()


def door(made: Exchange, **resident: Any) -> tuple[Phone, int, Phone, int]:
    """A panel and a telephone, joined as the control side joins them."""
    panel, phone = made.phone(), made.phone()
    at_panel = made.serve(panel, made.ports.pop(), panel=True)
    at_phone = made.serve(phone, made.ports.pop(), **resident)
    made.relay.obey(["join", at_panel, at_phone, [[8, 8]], CLEAN])
    made.relay.obey(["join", at_phone, at_panel, [[8, 8]]])
    made.relay.obey(["listen", at_phone, True])
    return panel, at_panel, phone, at_phone


def digits(made: Exchange) -> list[str]:
    return [order[2] for order in made.events("digit")]


def test_a_call_between_opus_and_pcma() -> None:
    with exchange() as made:
        a, b = made.phone(), made.phone()
        at_a, at_b = made.serve(a, made.ports.pop()), made.serve(b, made.ports.pop())
        there = {"sources": [[96, "opus", 48000]], "target": [8, "pcma", 8000, "", 20]}
        back = {"sources": [[8, "pcma", 8000]], "target": [96, "opus", 48000, "", 20]}
        made.relay.obey(["join", at_a, at_b, [], there])
        made.relay.obey(["join", at_b, at_a, [], back])
        encoder, tone = codecs.encoder("opus", 8000), blocks(sine(800, 0.6))
        payloads = [encoder.encode(one.tobytes()) for one in tone]
        send(made, a, at_a, packets(payloads, units=960, payload_type=96))
        send(made, b, at_b, packets([encode("pcma", one) for one in tone], ssrc=9))
        heard_b, heard_a = opened(b.received()), opened(a.received())
        assert {one.payload_type for one in heard_b} == {8}
        assert {one.payload_type for one in heard_a} == {96}
        assert share(decode("pcma", b"".join(one.payload for one in heard_b))[1600:], 800) > 0.9
        decoder = codecs.decoder("opus", 8000)
        sound = b"".join(decoder.decode(one.payload) for one in heard_a)
        assert share(np.frombuffer(sound, np.int16)[1600:], 800) > 0.9


def test_back_to_pass_through_the_numbers_go_on() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        turn = {"sources": [[8, "pcma", 8000]], "target": [96, "opus", 48000, "", 20]}
        made.relay.obey(["join", at_a, at_b, [], turn])
        send(made, a, at_a, packets([bytes(160)] * 3))
        made.relay.obey(["join", at_a, at_b, [[8, 8]]])
        send(made, a, at_a, packets([bytes(160)] * 3, sequence=103, timestamp=1480))
        heard = opened(b.received())
        assert [one.sequence for one in heard] == list(range(100, 106))
        assert {one.ssrc for one in heard} == {7}


def test_a_key_as_tones_is_reported_where_there_are_no_events() -> None:
    with exchange() as made:
        _, _, phone, at_phone = door(made, **TONES)
        send(made, phone, at_phone, tone_stream("5"))
        assert [order[1:3] + order[4:] for order in made.events("digit")] == [[at_phone, "5", "inband"]]
        made.relay.obey(["listen", at_phone, False])
        send(made, phone, at_phone, tone_stream("6", sequence=200))
        assert digits(made) == ["5"]


def test_a_key_as_tones_is_heard_before_anybody_is_connected() -> None:
    with exchange() as made:
        phone = made.phone()
        at_phone = made.serve(phone, made.ports.pop(), **TONES)
        made.relay.obey(["listen", at_phone, True])
        send(made, phone, at_phone, tone_stream("1"))
        assert digits(made) == ["1"]


@pytest.mark.parametrize("decibels", [0, -10])
@pytest.mark.parametrize("way", ["tones", "events"])
def test_a_visitor_s_tone_opens_nothing_and_the_resident_s_own_does(way: str, decibels: int) -> None:
    """The telephone's line gives the panel's sound back as an echo; or its gateway makes events of it."""
    with exchange() as made:
        panel, at_panel, phone, at_phone = door(made, **(TONES if way == "tones" else {}))
        echo = 10 ** (decibels / 20)
        for number, data in enumerate(tone_stream("5", loud=9000)):
            panel.send(at_panel, data)
            made.run()
            for heard in opened(phone.received()):
                # The line as it would be without our cleaning is the worst case: the tone itself returns.
                sound = decode("pcma", data[12:])
                back = (sound * echo).astype(np.int16) if way == "tones" else decode("pcma", heard.payload)
                phone.send(at_phone, rtp.build(8, 100 + number, heard.timestamp, 3, encode("pcma", back)))
                if way == "events" and number >= 4:
                    phone.send(at_phone, key(5, step=number - 3, timestamp=9000))
            made.run()
        assert digits(made) == []
        assert [order[1:3] for order in made.events("overheard")] == [[at_panel, "5"]]
    with exchange() as made:
        panel, at_panel, phone, at_phone = door(made, **(TONES if way == "tones" else {}))
        own = tone_stream("5") if way == "tones" else [key(5, step=step) for step in (1, 2, 3)]
        send(made, phone, at_phone, own)
        send(made, panel, at_panel, tone_stream("5", loud=2000))   # its echo from the panel
        assert digits(made) == ["5"]
        assert made.events("overheard") == []


def test_tones_do_not_leave_the_panel_for_a_telephone() -> None:
    with exchange() as made:
        panel, at_panel, phone, _ = door(made)
        send(made, panel, at_panel, tone_stream("5"))
        heard = [decode("pcma", one.payload) for one in opened(phone.received())]
        loud = [int(abs(block.astype(int)).max()) > 1000 for block in heard]
        assert sum(loud) <= 1          # at most the packet in which it begins
        assert len(heard) == len(tone_stream("5"))


def test_a_prompt_replaces_the_partner_and_the_numbers_go_on(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "hello.pcma").write_bytes(b"\x11" * 160 + b"\x22" * 160)
    with exchange(prompts=str(tmp_path)) as made:
        a, at_a, b, at_b = made.pair()
        for number in (1, 2):
            a.send(at_a, audio(number, payload_type=8))
            made.run()
        made.relay.obey(["play", at_b, "nb/hello", False, 8, "pcma", 8000])
        now = made.relay.next_deadline()
        for tick in range(3):
            made.relay.handle_timeout(now + 0.0201 * tick)
            a.send(at_a, audio(3 + tick, payload_type=8))
            made.run()
        a.send(at_a, audio(6, payload_type=8))
        made.run()
        heard = opened(b.received())
        assert [one.sequence for one in heard] == [1, 2, 3, 4, 5, 6]
        assert [one.payload[:1] for one in heard] == [b"\0", b"\0", b"\x11", b"\x22", b"\0", b"\0"]
        assert {one.ssrc for one in heard} == {1}
        assert [one.marker for one in heard] == [False, False, True, False, True, False]
        assert made.events("played") == [["played", at_b, "nb/hello", True]]
        assert len(a.received()) == 0


def test_keys_go_into_a_prompt_without_a_break(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "hello.pcma").write_bytes(b"\x11" * 160 * 50)
    with exchange(prompts=str(tmp_path)) as made:
        _, _, b, at_b = made.pair()
        made.relay.obey(["play", at_b, "nb/hello", True, 8, "pcma", 8000])
        now = made.relay.next_deadline()
        for tick in range(30):
            if tick == 5:
                made.relay.obey(["press", at_b, "5", 101, 8000])
            made.relay.handle_timeout(now + 0.0201 * tick)
        heard = opened(b.received())
        assert {one.payload_type for one in heard} == {8, 101}
        assert all((y.sequence - x.sequence) & 0xFFFF == 1 for x, y in pairwise(heard))
        made.relay.obey(["stop", at_b])
        made.relay.handle_timeout(now + 1)
        assert b.received() == []

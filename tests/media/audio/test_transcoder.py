"""Sound between codecs by timestamps: lengths, gaps, losses, silence left out, keys, new senders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import rtp
from media.audio import codecs
from media.audio.transcoder import Target, Transcoder
from tests.media.audio.sounds import opened, share, sine

PCMA = Target(8, "pcma", 8000)
OPUS = Target(111, "opus", 48000)


def packet(
    sequence: int, timestamp: int, *, marker: bool = False, ssrc: int = 7, payload: bytes = b""
) -> rtp.Packet:
    return rtp.Packet(0, marker, sequence, timestamp, ssrc, payload)


def sound(milliseconds: int = 20, rate: int = 8000) -> bytes:
    return sine(400, milliseconds / 1000, rate=rate).tobytes()


@pytest.mark.parametrize("came", [10, 20, 30, 40, 60])
@pytest.mark.parametrize("goes", [10, 20, 30, 40, 60])
def test_packets_become_as_long_as_asked(came: int, goes: int) -> None:
    turned = Transcoder(Target(8, "pcma", 8000, "", goes), 8000)
    made = []
    for number in range(120 // came * 3):
        made += turned.push(packet(number, 8 * came * number), sound(came), 8000)
    found = opened(made)
    assert {len(one.payload) for one in found} == {8 * goes}
    assert [one.timestamp for one in found] == [8 * goes * n for n in range(360 // goes)]
    assert [one.sequence for one in found] == list(range(360 // goes))
    assert [one.marker for one in found] == [True] + [False] * (len(found) - 1)


def test_timestamps_go_by_the_target_s_clock() -> None:
    turned = Transcoder(OPUS, 8000)
    made = [one for n in range(3) for one in turned.push(packet(5 + n, 1000 + 160 * n), sound(), 8000)]
    assert [(one.sequence, one.timestamp) for one in opened(made)] == [(5, 1000), (6, 1960), (7, 2920)]
    back = Transcoder(PCMA, 8000)
    made = [one for n in range(3) for one in back.push(packet(5 + n, 900 + 960 * n), sound(), 48000)]
    assert [one.timestamp for one in opened(made)] == [900, 1060, 1220]


def test_silence_left_out_stays_left_out_and_the_next_talk_has_a_marker() -> None:
    turned = Transcoder(OPUS, 8000)
    turned.push(packet(1, 0, marker=True), sound(), 8000)
    found = opened(turned.push(packet(2, 8000, marker=True), sound(), 8000))
    assert [(one.sequence, one.timestamp, one.marker) for one in found] == [(2, 48000, True)]


def test_what_was_lost_is_missing_in_the_numbers_too() -> None:
    turned = Transcoder(OPUS, 8000)
    turned.push(packet(1, 0), sound(), 8000)
    found = opened(turned.push(packet(4, 480), sound(), 8000))
    assert [(one.sequence, one.timestamp, one.marker) for one in found] == [(4, 2880, False)]


def test_a_gap_completes_what_was_pending() -> None:
    turned = Transcoder(Target(8, "pcma", 8000, "", 40), 8000)
    assert turned.push(packet(1, 0), sound(), 8000) == []
    found = opened(turned.push(packet(9, 1600), sound(40), 8000))
    assert [(one.timestamp, len(one.payload)) for one in found] == [(0, 320), (1600, 320)]
    assert found[0].payload[160:] == b"\xd5" * 160
    assert found[1].sequence > found[0].sequence + 1


def test_late_and_repeated_packets_have_no_place() -> None:
    turned = Transcoder(PCMA, 8000)
    turned.push(packet(65535, 0), sound(), 8000)
    assert turned.accepts(packet(0, 160))
    turned.push(packet(0, 160), sound(), 8000)
    assert not turned.accepts(packet(0, 160))
    assert not turned.accepts(packet(65535, 0))


def test_a_sender_that_begins_anew_is_heard_again() -> None:
    turned = Transcoder(PCMA, 8000)
    turned.push(packet(30_000, 99_000), sound(), 8000)
    accepted = [turned.accepts(packet(n, 160 * n)) for n in range(20)]
    assert accepted == [False] * 10 + [True] * 10
    found = opened(turned.push(packet(11, 1760), sound(), 8000))
    assert [(one.sequence, one.timestamp, one.marker) for one in found] == [(30_001, 99_160, True)]


def test_another_sender_goes_on_in_the_same_numbering() -> None:
    turned = Transcoder(PCMA, 8000)
    turned.push(packet(1, 0), sound(), 8000)
    found = opened(turned.push(packet(7000, 123_456, ssrc=8), sound(), 8000))
    assert [(one.ssrc, one.sequence, one.timestamp, one.marker) for one in found] == [(7, 2, 160, True)]


def test_a_jump_of_more_than_a_minute_is_no_gap() -> None:
    turned = Transcoder(PCMA, 8000)
    turned.push(packet(1, 0), sound(), 8000)
    assert opened(turned.push(packet(2, 8000 * 90), sound(), 8000))[0].timestamp == 160


def test_a_key_has_its_place_and_its_length_by_the_other_clock() -> None:
    turned = Transcoder(OPUS, 8000)
    turned.push(packet(1, 0), sound(), 8000)
    made = []
    for step in range(1, 4):
        payload = bytes((5, 10)) + (160 * step).to_bytes(2, "big")
        made += turned.event(packet(1 + step, 160, payload=payload, marker=step == 1), 8000, 110, 48000)
    made += turned.push(packet(5, 640), sound(), 8000)
    found = opened(made)
    assert [one.payload_type for one in found] == [110, 110, 110, 111]
    assert [one.timestamp for one in found] == [960, 960, 960, 3840]
    assert [one.sequence for one in found] == [2, 3, 4, 5]
    assert [int.from_bytes(one.payload[2:4], "big") for one in found[:3]] == [960, 1920, 2880]


def test_a_key_may_come_before_any_sound() -> None:
    turned = Transcoder(PCMA, 8000)
    found = opened(turned.event(packet(3, 480, payload=bytes((5, 10, 0, 160))), 8000, 101, 8000))
    assert [(one.sequence, one.timestamp) for one in found] == [(3, 480)]


def test_comfort_noise_passes_where_it_is_known_and_is_made_where_not() -> None:
    turned = Transcoder(PCMA, 8000)
    turned.push(packet(1, 0), sound(), 8000)
    known = opened(turned.comfort(packet(2, 160, payload=b"\x40"), 8000, 13))
    assert [(one.payload_type, one.timestamp, one.payload) for one in known] == [(13, 160, b"\x40")]
    made = opened(turned.comfort(packet(3, 1600, payload=b"\x28"), 8000, None))
    assert [(one.payload_type, one.timestamp, len(one.payload)) for one in made] == [(8, 1600, 160)]
    noise = np.frombuffer(codecs.decoder("pcma", 8000).decode(made[0].payload), np.int16).astype(float)
    assert 100 < noise.std() < 1000    # -40 dBov


def test_a_tone_is_still_that_tone() -> None:
    tone = sine(1000, 1.0)
    turned, back = Transcoder(OPUS, 8000), codecs.decoder("opus", 8000)
    made = []
    for number in range(50):
        piece = tone[160 * number : 160 * number + 160].tobytes()
        made += turned.push(packet(number, 160 * number), piece, 8000)
    heard = b"".join(back.decode(one.payload) for one in opened(made))
    assert share(np.frombuffer(heard, np.int16)[2000:], 1000) > 0.9


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 2**32 - 1), st.integers(0, 3)), max_size=40))
def test_no_numbers_upset_it(numbers: list[tuple[int, int, int]]) -> None:
    turned = Transcoder(Target(8, "pcma", 8000, "", 30), 8000)
    last = None
    for sequence, timestamp, ssrc in numbers:
        one = packet(sequence, timestamp, ssrc=ssrc)
        if turned.accepts(one):
            for made in opened(turned.push(one, sound(), 8000)):
                assert last is None or 0 < (made.sequence - last) & 0xFFFF < 0x8000
                last = made.sequence

from __future__ import annotations

import av
from hypothesis import given
from hypothesis import strategies as st

from intercom.phone.description import Terms
from intercom.phone.ear import PATIENCE, Ear, Order
from media import rtp

FORMATS = ((8, "pcma", 8000), (9, "g722", 8000))
TERMS = Terms("pcma", 8, 8000, "192.0.2.9", 5000, 5001, True, True, formats=FORMATS)


def packet(sequence: int, ssrc: int = 7) -> rtp.Packet:
    return rtp.Packet(8, False, sequence & 0xFFFF, sequence * 160, ssrc, bytes(160))


def played(*sequences: int) -> list[int]:
    order = Order()
    return [ready.sequence for sequence in sequences for ready in order.add(packet(sequence))]


def test_in_order_nothing_waits() -> None:
    assert played(65534, 65535, 0, 1) == [65534, 65535, 0, 1]


def test_two_that_changed_places() -> None:
    assert played(1, 3, 2, 4) == [1, 2, 3, 4]


def test_one_that_is_lost_holds_up_for_a_moment_only() -> None:
    assert played(1, 3, 4, 5) == [1]
    assert played(1, 3, 4, 5, 6) == [1, 3, 4, 5, 6]
    assert PATIENCE == 3


def test_repeated_and_late_ones_are_left_out() -> None:
    assert played(5, 5, 6, 6, 4, 7) == [5, 6, 7]


def test_a_sender_that_begins_anew_is_heard() -> None:
    assert played(5, 6, 30_000, 30_001) == [5, 6, 30_000, 30_001]


@given(st.lists(st.integers(0, 60), max_size=80))
def test_never_twice_and_never_backwards(sequences: list[int]) -> None:
    found = played(*sequences)
    assert found == sorted(set(found))


def ear() -> tuple[Ear, list[av.AudioFrame]]:
    frames: list[av.AudioFrame] = []
    made = Ear(frames.append)
    made.listen(TERMS)
    return made, frames


def test_what_was_agreed_is_played() -> None:
    made, frames = ear()
    made.take(rtp.build(8, 1, 0, 7, bytes(160)))
    assert made.heard == 1 and frames[0].samples == 160


def test_anything_else_is_not() -> None:
    made, frames = ear()
    for data in (b"", b"\x80", rtp.build(0, 1, 0, 7, bytes(160)), bytes(40)):
        made.take(data)
    assert not frames and made.heard == 0


def test_any_codec_that_was_agreed_may_come() -> None:
    made, frames = ear()
    made.take(rtp.build(8, 1, 0, 7, bytes(160)))
    made.take(rtp.build(9, 2, 160, 7, bytes(160)))
    made.listen(TERMS)  # the same again
    made.take(rtp.build(8, 3, 320, 7, bytes(160)))
    assert [frame.sample_rate for frame in frames] == [8000, 16000, 8000]
    made.listen(None)
    made.take(rtp.build(8, 4, 480, 7, bytes(160)))
    assert len(frames) == 3


def test_another_source_begins_its_own_row() -> None:
    made, frames = ear()
    made.take(rtp.build(8, 500, 0, 7, bytes(160)))
    made.take(rtp.build(8, 2, 0, 8, bytes(160)))
    assert len(frames) == 2


def test_who_is_genuine() -> None:
    made, _ = ear()
    assert made.genuine(("192.0.2.9", 5000))
    assert not made.genuine(("192.0.2.9", 5002)) and not made.genuine(("192.0.2.8", 5000))
    made.listen(None)
    assert not made.genuine(("192.0.2.9", 5000))

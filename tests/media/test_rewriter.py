"""One outgoing stream, whatever feeds it: numbers, times, names."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from media import rtp
from media.rewriter import Rewriter
from media.rtp import Packet
from tests.media.pictures import taken_apart


def packet(sequence: int, timestamp: int, ssrc: int = 1, payload: bytes = b"x") -> Packet:
    return Packet(97, False, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc, payload)


def fresh(sequence: int = 65_533, timestamp: int = 4_294_967_000) -> Rewriter:
    return Rewriter(99, sequence, timestamp)


def put(one: Rewriter, *packets: Packet, now: float = 0.0) -> list[Packet]:
    made = [one.rewrite(each, 103, now) for each in packets]
    return taken_apart([data for data in made if data is not None])


def test_it_goes_on_over_every_wrap_with_its_own_name_and_number() -> None:
    one = fresh()
    out = put(one, *(packet(65_530 + n, 4_294_960_000 + 3000 * n) for n in range(10)))
    assert [(each.sequence - out[0].sequence) & 0xFFFF for each in out] == list(range(10))
    assert out[0].sequence == 65_534
    assert {(b.timestamp - a.timestamp) & 0xFFFFFFFF for a, b in pairwise(out)} == {3000}
    assert {(each.ssrc, each.payload_type) for each in out} == {(99, 103)}


def test_extensions_sources_and_padding_are_left_behind() -> None:
    raw = bytearray(rtp.build(97, 1, 2, 3, b"", marker=True))
    raw[0] |= 0x10 | 0x20 | 1
    raw += b"csrc" + b"\xbe\xde\x00\x01" + b"extn" + b"payload" + b"\0\2"
    came = rtp.parse(bytes(raw))
    assert came is not None
    made = fresh().rewrite(came, 96, 0.0)
    assert made is not None
    assert (made[0], made[1], made[12:]) == (0x80, 0x80 | 96, b"payload")


def test_another_source_goes_on_where_the_first_stopped_and_as_late_as_it_is() -> None:
    one = fresh()
    first = put(one, packet(10, 1000), packet(11, 4000), now=5.0)
    second = put(one, packet(60_000, 77, ssrc=2), packet(60_001, 3077, ssrc=2), now=7.0)
    assert [each.sequence for each in second] == [(first[-1].sequence + n) & 0xFFFF for n in (1, 2)]
    assert (second[0].timestamp - first[-1].timestamp) & 0xFFFFFFFF == 180_000
    assert (second[1].timestamp - second[0].timestamp) & 0xFFFFFFFF == 3000
    assert {each.ssrc for each in second} == {99}


def test_the_same_source_begun_anew_leaves_no_gap_either() -> None:
    one = fresh()
    last = put(one, packet(10, 1000))[-1]
    far, back, jumped = put(one, packet(30_000, 1000), packet(20_000, 1000), packet(20_001, 9_000_000))
    assert [(each.sequence - last.sequence) & 0xFFFF for each in (far, back, jumped)] == [1, 2, 3]


def test_order_and_loss_stay_as_they_were() -> None:
    out = put(fresh(), *(packet(n, 0) for n in (10, 12, 11, 15, 11)))
    assert [(each.sequence - out[0].sequence) & 0xFFFF for each in out] == [0, 2, 1, 5, 1]


def test_what_is_older_than_the_beginning_has_no_place() -> None:
    assert fresh().rewrite(packet(10, 0), 97, 0.0) is not None
    one = fresh()
    put(one, packet(10, 0))
    assert one.rewrite(packet(9, 0), 97, 0.0) is None


def test_inserted_packets_make_room_and_late_ones_keep_their_place() -> None:
    one = fresh(sequence=99)
    put(one, packet(10, 0), packet(12, 0))
    key = packet(14, 3000)
    made = one.insert(key, 97, b"sets", 0.0)
    assert made is not None
    inserted, *rest = taken_apart([made]) + put(one, key, packet(13, 0), packet(15, 3000), packet(11, 0))
    assert inserted.payload == b"sets"
    assert [each.sequence for each in (inserted, *rest)] == [104, 105, 103, 106, 101]
    assert inserted.timestamp == rest[0].timestamp
    assert one.insert(packet(12, 0), 97, b"sets", 0.0) is None


def test_an_insertion_long_ago_is_not_taken_for_a_late_packet() -> None:
    one = fresh(sequence=0)
    put(one, packet(1, 0))
    one.insert(packet(2, 0), 97, b"sets", 0.0)
    out = put(one, *(packet(n, 3 * n) for n in range(2, 70_000, 1)))
    assert all((b.sequence - a.sequence) & 0xFFFF == 1 for a, b in pairwise(out))


def test_it_counts_for_reports_and_tells_the_source_s_time_as_its_own() -> None:
    one = fresh()
    out = put(one, packet(10, 1000, payload=b"abc"), packet(11, 2000, payload=b"de"))
    assert (one.packets, one.octets, one.source) == (2, 5, 1)
    assert one.time_of(1500) == (out[0].timestamp + 500) & 0xFFFFFFFF


PLACES = st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(1, 3))


@given(st.lists(PLACES, max_size=40))
def test_whatever_comes_numbers_are_given_near_the_last_ones(came: list[tuple[int, int, int]]) -> None:
    one, last = fresh(), 65_533
    for sequence, timestamp, ssrc in came:
        for made in put(one, packet(sequence, timestamp, ssrc)):
            ahead = (made.sequence - last) & 0xFFFF
            assert ahead <= 3_001 or ahead >= 0x10000 - 201
            last = one.sequence

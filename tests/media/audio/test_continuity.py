"""One numbering for several speakers, on a virtual clock."""

from __future__ import annotations

from itertools import pairwise

from media import rtp
from media.audio.continuity import Continuity

FRESH = (99, 500, 7000)


def packet(sequence: int, timestamp: int, ssrc: int = 7, *, marker: bool = False) -> bytes:
    return rtp.build(8, sequence, timestamp, ssrc, b"x", marker=marker)


def test_a_prompt_goes_on_after_what_was_heard_and_the_peer_after_the_prompt() -> None:
    line = Continuity((7, 100, 16_000), 1.0)
    first, second = (line.add(8, b"p", now, FRESH) for now in (1.02, 1.04))
    assert rtp.position(first) == (7, 101, 16_160)
    assert rtp.position(second) == (7, 102, 16_320)
    assert [one[1] for one in (first, second)] == [0x88, 0x08]
    peer = line.pass_on(packet(103, 16_480), 1.06)
    assert peer is not None
    assert rtp.position(peer) == (7, 103, 16_480)
    assert peer[1] == 0x88


def test_time_that_passed_in_silence_is_in_the_timestamps() -> None:
    line = Continuity((7, 100, 16_000), 1.0)
    assert rtp.position(line.add(8, b"p", 2.0, FRESH)) == (7, 101, 24_000)


def test_another_source_gets_the_old_name() -> None:
    line = Continuity(None, 0.0)
    assert line.pass_on(packet(5, 50), 0.0) == packet(5, 50, marker=True)
    other = line.pass_on(packet(9000, 123, ssrc=8), 0.02)
    assert other is not None
    assert rtp.position(other) == (7, 6, 210)
    again = line.pass_on(packet(9001, 283, ssrc=8), 0.04)
    assert again is not None
    assert rtp.position(again) == (7, 7, 370)
    assert again[1] == 0x08


def test_packets_from_before_a_turn_do_not_repeat_its_numbers() -> None:
    line = Continuity((7, 100, 16_000), 1.0)
    line.add(8, b"p", 1.02, FRESH)
    assert line.pass_on(packet(105, 16_800), 1.1) is not None
    assert line.pass_on(packet(104, 16_640), 1.1) is None
    assert line.pass_on(packet(107, 17_120), 1.1) is not None
    late = line.pass_on(packet(106, 16_960), 1.1)
    assert late is not None
    assert rtp.position(late)[1] == 103


def test_numbers_wrap_for_hours() -> None:
    line = Continuity((7, 65_534, 2**32 - 100), 0.0)
    line.add(8, b"p", 0.02, FRESH)
    numbers = []
    for number in range(150_000):
        made = line.pass_on(packet(number & 0xFFFF, 160 * number), 0.04)
        assert made is not None
        numbers.append(rtp.position(made)[1])
    assert all((b - a) & 0xFFFF == 1 for a, b in pairwise(numbers))


def test_where_nothing_was_heard_fresh_numbers_begin() -> None:
    line = Continuity(None, 0.0)
    assert rtp.position(line.add(8, b"p", 0.0, FRESH)) == FRESH
    line.interrupt()
    assert rtp.position(line.add(8, b"p", 0.02, FRESH)) == (99, 501, 7160)


def test_another_clock() -> None:
    line = Continuity((7, 1, 0), 0.0)
    line.clock = 48_000
    assert rtp.position(line.add(111, b"p", 0.02, FRESH)) == (7, 2, 960)

"""Silence and loss from counters looked at now and then."""

from __future__ import annotations

from media import rtp
from media.watch import Watch


def packet(sequence: int, ssrc: int = 1) -> bytes:
    return rtp.build(0, sequence, 0, ssrc, b"")


def test_silence_counts_from_the_last_sign_of_life() -> None:
    watch = Watch(10.0)
    assert watch.look(0, 0, b"", 12.0) == 2.0
    assert watch.look(1, 0, packet(1), 13.0) == 0.0
    assert watch.look(1, 1, packet(1), 14.0) == 0.0  # RTCP is a sign of life too
    assert watch.look(1, 1, packet(1), 44.0) == 30.0


def test_one_silence_is_told_once() -> None:
    watch = Watch(0.0)
    assert [watch.tell_once(), watch.tell_once()] == [True, False]
    watch.look(1, 0, packet(1), 1.0)
    assert watch.tell_once()
    watch.restart(2.0)
    assert watch.tell_once()


def test_lost_packets_are_those_that_the_numbers_skip() -> None:
    watch = Watch(0.0)
    watch.look(10, 0, packet(0xFFF0), 1.0)
    watch.look(58, 0, packet(0xFFF0 + 50), 2.0)
    assert watch.lost == 2
    watch.look(60, 0, packet(0xFFF0 + 50, ssrc=2), 3.0)  # another source: nothing can be said
    watch.look(61, 0, packet(3, ssrc=2), 4.0)
    assert watch.lost == 2

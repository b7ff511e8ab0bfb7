"""Waits after wrong answers: per source, growing, forgiven, bounded."""

from __future__ import annotations

from pbx.auth.failures import Failures


def test_the_wait_begins_with_the_last_try_and_doubles() -> None:
    failures = Failures(tries=3, wait_seconds=60.0)
    now = 0.0
    waits = []
    for _ in range(8):
        for _ in range(3):
            assert failures.wait("a", now) == 0.0
            failures.note("a", now)
        waits.append(failures.wait("a", now))
        now += waits[-1]
    assert waits == [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]
    assert failures.wait("b", now) == 0.0


def test_rare_mistakes_are_forgiven() -> None:
    failures = Failures(tries=3, forgive_seconds=60.0)
    for number in range(100):
        failures.note("a", number * 61.0)
    assert failures.wait("a", 6100.0) == 0.0


def test_a_long_quiet_time_begins_anew() -> None:
    failures = Failures(tries=1, wait_seconds=60.0, longest_seconds=3600.0)
    for now in (0.0, 60.0, 180.0):
        failures.note("a", now)
    assert failures.wait("a", 180.0) == 240.0
    failures.note("a", 10_000.0)
    assert failures.wait("a", 10_000.0) == 60.0


def test_the_table_is_bounded() -> None:
    failures = Failures(size=10)
    for number in range(1000):
        failures.note(str(number), 0.0)
        assert len(failures) <= 10

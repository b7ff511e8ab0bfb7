from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intercom.clock import CivilClock

NOON = "Sun, 22 Nov 2026 12:00:00 GMT"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp()


def test_a_clock_nobody_confirmed_tells_no_time() -> None:
    assert CivilClock(AT, 0.0).civil(5.0) is None


def test_a_date_that_agrees_confirms_our_finer_clock() -> None:
    clock = CivilClock(AT + 0.9, 0.0)
    assert clock.learn(NOON, 0.0) == 0.0
    assert clock.civil(10.0) == AT + 10.9


@pytest.mark.parametrize("own", [0.0, AT - 3600, AT + 86400])
def test_a_date_that_differs_corrects_us(own: float) -> None:
    clock = CivilClock(own, 100.0)
    step = clock.learn(NOON, 130.0)
    assert step == AT + 0.5 - own - 30
    assert clock.civil(140.0) == AT + 10.5


def test_the_signers_clock_wins_backwards_too() -> None:
    clock = CivilClock(AT + 3600, 0.0)
    clock.learn("Sun, 22 Nov 2026 13:00:00 GMT", 0.0)
    clock.learn(NOON, 10.0)
    assert clock.civil(10.0) == AT + 0.5


@pytest.mark.parametrize(
    "date", ["", "noon", "Sun, 32 Nov 2026 12:00:00 GMT", NOON[:-3] + "CET", "x" * 10_000]
)
def test_what_is_no_date_teaches_nothing(date: str) -> None:
    clock = CivilClock(AT, 0.0)
    assert clock.learn(date, 0.0) is None
    assert clock.civil(0.0) is None

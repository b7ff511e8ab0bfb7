"""The wheel: when things fire, in which order, and that nothing stays behind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.timers import TICKS, Alarm, Timed, Wheel


class Bell(Timed):
    """Notes when it rang, and may arm itself or stop another then."""

    __slots__ = ("again", "rang", "stops", "wheel")

    def __init__(self, wheel: Wheel) -> None:
        super().__init__()
        self.wheel = wheel
        self.rang: list[float] = []
        self.again = 0.0
        self.stops: Bell | None = None

    def fire(self, now: float) -> None:
        self.rang.append(now)
        if self.stops is not None:
            self.wheel.disarm(self.stops)
        if self.again:
            self.wheel.arm(self, now + self.again)
            self.again = 0.0


def test_fires_at_the_exact_deadline_and_not_before() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    wheel.arm(bell, 0.5)
    assert wheel.next_deadline() == 0.5
    wheel.sweep(0.499)
    assert bell.rang == []
    wheel.sweep(0.5)
    assert (bell.rang, wheel.next_deadline(), len(wheel)) == ([0.5], None, 0)


def test_a_deadline_between_ticks_fires_at_the_next_one() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    wheel.arm(bell, 1.001)
    assert wheel.next_deadline() == 1 + 1 / TICKS


def test_arming_again_moves_the_timer_both_ways() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    for due in (5.0, 9.0, 9.0, 2.0):
        wheel.arm(bell, due)
    assert (len(wheel), wheel.next_deadline()) == (1, 2.0)
    wheel.sweep(10.0)
    assert bell.rang == [10.0]


def test_a_moment_already_swept_becomes_the_next_tick() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    wheel.sweep(3.0)
    wheel.arm(bell, 1.0)
    assert wheel.next_deadline() == 3 + 1 / TICKS


def test_disarmed_timers_leave_no_deadline() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    wheel.disarm(bell)
    wheel.arm(bell, 1.0)
    wheel.disarm(bell)
    assert (wheel.next_deadline(), len(wheel)) == (None, 0)
    wheel.sweep(2.0)
    assert bell.rang == []


def test_a_timer_can_stop_another_that_is_due_in_the_same_tick() -> None:
    wheel = Wheel()
    first, second = Bell(wheel), Bell(wheel)
    first.stops = second
    wheel.arm(first, 1.0)
    wheel.arm(second, 1.0)
    wheel.sweep(1.0)
    assert (len(first.rang), second.rang, len(wheel)) == (1, [], 0)


def test_a_timer_moved_by_another_in_the_same_tick_fires_later_only() -> None:
    wheel = Wheel()
    mover, moved = Alarm(lambda now: wheel.arm(moved, now + 1)), Bell(wheel)
    wheel.arm(mover, 1.0)
    wheel.arm(moved, 1.0)
    wheel.sweep(1.0)
    assert moved.rang == []
    wheel.sweep(2.0)
    assert moved.rang == [2.0]


def test_a_timer_that_arms_itself_at_once_does_not_hold_the_sweep() -> None:
    wheel = Wheel()
    bell = Bell(wheel)
    bell.again = 1e-9
    wheel.arm(bell, 1.0)
    wheel.sweep(1.0)
    assert (bell.rang, wheel.next_deadline()) == ([1.0], 1 + 1 / TICKS)


@given(st.lists(st.floats(0.001, 100.0), min_size=1, max_size=50))
def test_each_timer_fires_once_and_never_early(dues: list[float]) -> None:
    wheel = Wheel()
    bells = [Bell(wheel) for _ in dues]
    for bell, due in zip(bells, dues, strict=True):
        wheel.arm(bell, due)
    while (deadline := wheel.next_deadline()) is not None:
        wheel.sweep(deadline)
    for bell, due in zip(bells, dues, strict=True):
        (rang,) = bell.rang
        assert due <= rang <= due + 1 / TICKS

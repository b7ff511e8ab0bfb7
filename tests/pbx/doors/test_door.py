from __future__ import annotations

from pbx.doors.door import SETTLE, Asked, DoorActivity


def test_a_press_at_a_closed_door_is_a_command() -> None:
    door = DoorActivity()
    assert door.press(0.0) is Asked.COMMAND
    assert door.opening
    door.finish(True, "opened", 5.0, 0.1)
    assert door.open_until == 5.1
    assert door.last is not None and door.last.opened
    assert (door.opened, door.failed, door.guarded) == (1, 0, 0)


def test_a_second_press_waits_while_the_first_is_on_its_way() -> None:
    door = DoorActivity()
    door.press(0.0)
    assert door.press(0.01) is Asked.WAIT


def test_a_press_at_an_open_door_needs_no_pulse_and_extends_nothing() -> None:
    door = DoorActivity()
    door.press(0.0)
    door.finish(True, "opened", 5.0, 0.0)
    assert door.press(4.99) is Asked.OPEN
    assert door.open_until == 5.0
    assert door.press(5.0) is Asked.COMMAND


def test_a_lock_settles_after_its_opening() -> None:
    door = DoorActivity()
    assert door.settled_at(1.0) == 1.0
    door.press(1.0)
    door.finish(True, "opened", 5.0, 1.0)
    assert door.settled_at(6.1) == 6.0 + SETTLE
    assert door.settled_at(7.0) == 7.0


def test_after_a_failure_the_next_press_tries_again() -> None:
    door = DoorActivity()
    door.press(0.0)
    door.finish(False, "timeout", 5.0, 2.0)
    assert not door.is_open(2.0)
    assert door.press(2.0) is Asked.COMMAND
    assert door.failed == 1

"""A door that is forced, one that is left open, and neither when it was opened, held, or left by the exit."""

from __future__ import annotations

from dataclasses import replace

from pbx.doors.alarms import GRACE, Alarm, DoorAlarms
from tests.support.doors import SITE, door

GATE = replace(door("gate"), contact="c", forced_alarm=True, left_open_seconds=30)


def alarm(kind: str, on: bool = True) -> Alarm:
    return Alarm(SITE, "gate", kind, on)


def test_nobody_ordered_it() -> None:
    alarms = DoorAlarms()
    assert alarms.moved(SITE, GATE, True, False, 5.0) == [alarm("forced_open")]
    assert alarms.moved(SITE, GATE, False, False, 6.0) == [alarm("forced_open", False)]
    assert alarms.moved(SITE, replace(GATE, forced_alarm=False), True, False, 7.0) == []


def test_an_opening_is_expected_for_a_while() -> None:
    alarms = DoorAlarms()
    alarms.expect(SITE, "gate", 5.0)
    assert alarms.moved(SITE, GATE, True, False, 5.0 + GRACE) == []
    alarms.moved(SITE, GATE, False, False, 16.0)
    assert alarms.moved(SITE, GATE, True, False, 16.1) == [alarm("forced_open")]


def test_left_open_once_until_it_is_shut() -> None:
    alarms = DoorAlarms()
    alarms.expect(SITE, "gate", 0.0)
    alarms.moved(SITE, GATE, True, False, 1.0)
    assert alarms.next_deadline() == 31.0
    assert alarms.handle_timeout(30.9) == []
    assert alarms.handle_timeout(31.0) == [alarm("left_open")]
    assert alarms.handle_timeout(99.0) == [] and alarms.next_deadline() is None
    assert alarms.moved(SITE, GATE, False, False, 100.0) == [alarm("left_open", False)]


def test_a_door_that_is_held_may_stand_open() -> None:
    alarms = DoorAlarms()
    assert alarms.moved(SITE, GATE, True, True, 1.0) == []
    assert alarms.next_deadline() is None

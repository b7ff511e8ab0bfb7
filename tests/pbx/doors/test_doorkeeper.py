"""Gate, lobby, lift in order and time; lockdown, fire, interlock; what agents report."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pbx.doors.doorkeeper import Ended
from pbx.doors.reports import Report
from pbx.facts import (
    AlarmCleared,
    AlarmRaised,
    DoorFailed,
    DoorMoved,
    DoorOpened,
    ExitPressed,
    LockdownBegan,
    LockdownEnded,
    Unregistered,
)
from tests.pbx.doors.keeper import Keeper


def failures(keeper: Keeper) -> list[tuple[str, str]]:
    return [(fact.door, fact.detail) for fact in keeper.facts if isinstance(fact, DoorFailed)]


def test_a_way_opens_in_order_and_time() -> None:
    keeper = Keeper()
    assert keeper.ask() == [Ended("gate", True, "done")]
    keeper.advance(60.0)
    assert keeper.opened() == [(0.0, "gate"), (10.0, "lobby"), (30.0, "lift")]
    assert [fact.door for fact in keeper.facts if isinstance(fact, DoorOpened)] == ["gate", "lobby", "lift"]
    assert keeper.doorkeeper.stats()["ways"] == 0


def test_one_failing_door_stops_the_rest_and_each_says_so() -> None:
    keeper = Keeper()
    keeper.ask()
    keeper.advance(5.0)
    keeper.fault = "unreachable"
    keeper.advance(60.0)
    assert [door for _, door in keeper.opened()] == ["gate", "lobby"]
    assert failures(keeper) == [("lobby", "unreachable"), ("lift", "stopped")]


def test_a_second_press_begins_no_second_way() -> None:
    keeper = Keeper()
    keeper.ask()
    keeper.ask()
    keeper.advance(6.0)
    assert keeper.opened() == [(0.0, "gate")]
    keeper.ask()  # the gate has shut: the next guest wants it open again
    keeper.advance(60.0)
    assert keeper.opened() == [(0.0, "gate"), (6.0, "gate"), (10.0, "lobby"), (30.0, "lift")]


def test_a_lockdown_that_comes_on_the_way_stops_the_third_door() -> None:
    keeper = Keeper()
    keeper.ask()
    keeper.advance(15.0)
    assert keeper.doorkeeper.lock_down(keeper.site, ["lift", "moon"], 60, "admin") == (["lift"], ["moon"])
    keeper.advance(30.0)
    assert [door for _, door in keeper.opened()] == ["gate", "lobby"]
    assert failures(keeper) == [("lift", "lockdown")]
    keeper.report(("alarm", "fire", True))
    assert keeper.ask("lift") == [Ended("lift", True, "done")]  # fire beats lock


def test_a_lockdown_ends_by_itself_or_by_hand_and_is_written_down() -> None:
    keeper = Keeper()
    keeper.doorkeeper.lock_down(keeper.site, ["gate", "lift"], 60, "admin")
    kept = keeper.kept["gate"]
    assert kept is not None and (kept.by, kept.until) == ("admin", keeper.at + timedelta(seconds=60))
    assert keeper.facts[0] == LockdownBegan(keeper.site, "gate", "admin", kept.until.isoformat())
    assert keeper.ask() == [Ended("gate", False, "lockdown")]
    assert keeper.doorkeeper.lift(keeper.site, ["lift", "lobby"], "boss") == ["lift"]
    assert keeper.facts[-1] == LockdownEnded(keeper.site, "lift", "boss")
    keeper.at += timedelta(seconds=61)
    keeper.advance(6.0)
    assert LockdownEnded(keeper.site, "gate", "") in keeper.facts
    assert keeper.kept == {"gate": None, "lift": None}
    again = Keeper()
    again.doorkeeper.restore([kept])
    assert again.doorkeeper.state(again.site, "gate").lockdown
    assert again.ask() == [Ended("gate", False, "lockdown")]


@pytest.mark.parametrize(("seconds", "by"), [(0, "x"), (8 * 86400, "x"), (60, ""), (60, "x" * 65)])
def test_a_lockdown_has_bounds_and_a_name(seconds: int, by: str) -> None:
    with pytest.raises(ValueError, match="lockdown"):
        Keeper().doorkeeper.lock_down("kontoret.example", ["gate"], seconds, by)


def test_an_interlock_waits_for_the_other_door_to_be_shut() -> None:
    keeper = Keeper()
    keeper.ask("lift")  # open for 5 s: the lobby waits for it
    told = keeper.ask("lobby")
    keeper.advance(4.0)
    assert told == []
    keeper.advance(2.0)
    assert told == [Ended("lobby", True, "done")]
    assert 5.0 <= keeper.opened()[-1][0] <= 5.5


def test_an_interlock_is_not_waited_for_for_ever() -> None:
    keeper = Keeper()
    keeper.report(("lift-contact", "contact", True))
    told = keeper.ask("lobby")
    keeper.advance(14.9)
    assert told == []
    keeper.advance(0.2)
    assert told == [Ended("lobby", False, "interlock")]


def test_no_right_no_way() -> None:
    keeper = Keeper()
    assert keeper.ask(device="panel-lobby") == [Ended("gate", False, "unknown_subject")]
    assert keeper.ask("moon") == [Ended("moon", False, "unknown_door")]
    assert keeper.ordered == []


def test_contacts_become_facts_and_alarms() -> None:
    keeper = Keeper()
    keeper.report(("lobby-contact", "contact", False))
    assert keeper.facts == []
    assert keeper.doorkeeper.stands_open(keeper.site, "lobby") is False
    keeper.report(("lobby-contact", "contact", True))
    assert keeper.facts == [
        DoorMoved(keeper.site, "lobby", True),
        AlarmRaised(keeper.site, "forced_open", "lobby", ""),
    ]
    keeper.advance(61.0)
    assert keeper.facts[-1] == AlarmRaised(keeper.site, "left_open", "lobby", "")
    keeper.report(("lobby-contact", "contact", False))
    cleared = [fact.kind for fact in keeper.facts if isinstance(fact, AlarmCleared)]
    assert cleared == ["forced_open", "left_open"]


def test_a_door_that_was_opened_or_left_by_the_exit_is_no_alarm() -> None:
    keeper = Keeper()
    keeper.ask("lobby")
    keeper.report(("lobby-contact", "contact", True))
    assert not [fact for fact in keeper.facts if isinstance(fact, AlarmRaised)]
    keeper.report(("way-out", "exit", True))
    assert keeper.facts[-1] == ExitPressed(keeper.site, "gate")


def test_a_report_counts_once_and_only_from_what_has_inputs() -> None:
    keeper = Keeper()
    keeper.report(("lid", "tamper", True), ("power", "battery", True))
    assert [fact.kind for fact in keeper.facts if isinstance(fact, AlarmRaised)] == ["tamper", "on_battery"]
    assert keeper.doorkeeper.state(keeper.site, "lobby", "lobby-relays").tamper
    again = Report("run", 0, ())
    assert keeper.doorkeeper.reported(keeper.site, "lobby-relays", again, 0.0)
    assert len(keeper.facts) == 2
    assert not keeper.doorkeeper.reported(keeper.site, "anna-app", again, 0.0)
    assert not keeper.doorkeeper.reported("moon.example", "lobby-relays", again, 0.0)


def test_a_part_that_fails_is_an_alarm_of_its_own() -> None:
    keeper = Keeper()
    keeper.report(("camera", "contact", False), ("camera", "fault", True), ("teapot", "fault", True))
    keeper.report(("camera", "fault", True), ("relays", "fault", True))
    keeper.report(("camera", "fault", False))
    told = [fact for fact in keeper.facts if isinstance(fact, AlarmRaised | AlarmCleared)]
    assert [(type(fact), fact.kind) for fact in told] == [
        (AlarmRaised, "camera_fault"), (AlarmRaised, "relays_fault"), (AlarmCleared, "camera_fault"),
    ]  # fmt: skip


def test_nobody_knows_the_contact_of_a_controller_that_is_away() -> None:
    keeper = Keeper()
    keeper.report(("lobby-contact", "contact", False))
    keeper.doorkeeper._heard(Unregistered(keeper.site, "lobby-relays", "sip:x", "expired"))
    assert keeper.doorkeeper.stands_open(keeper.site, "lobby") is None

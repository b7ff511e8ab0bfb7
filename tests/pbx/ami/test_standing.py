"""Alarms that stand are listed to those whose sites they are of."""

from __future__ import annotations

from pbx.ami.standing import StandingAlarms
from pbx.facts import AlarmCleared, AlarmRaised
from tests.support.ami import AT, HOUSE, OFFICE
from tests.support.ami_desk import Desk


def test_raised_listed_cleared() -> None:
    alarms = StandingAlarms(lambda: AT)
    desk = Desk()
    desk.actions._answers = {**desk.actions._answers, **alarms.answers()}
    alarms(AlarmRaised(HOUSE, "panel_away", "gate", "since 3 s"))
    alarms(AlarmRaised(HOUSE, "panel_away", "gate", "since 9 s"))
    alarms(AlarmRaised(OFFICE, "tamper", "street", ""))
    alarms(AlarmRaised(None, "disk", "var", "97 %"))
    listed = [m for m in desk.ask("AlarmList") if "Alarm" in m]
    first = listed[0]
    assert (first["Site"], first["Subject"], first["Detail"]) == ([HOUSE], ["gate"], ["since 9 s"])
    assert len(listed) == 3 and listed[0]["Since"] == [AT.isoformat(timespec="seconds")]
    alarms(AlarmCleared(HOUSE, "panel_away", "gate", ""))
    narrow = Desk(frozenset({OFFICE}))
    narrow.actions._answers = {**narrow.actions._answers, **alarms.answers()}
    assert [m["Alarm"] for m in narrow.ask("AlarmList") if "Alarm" in m] == [["tamper"]]

"""All trunks: kept or renewed by what changed, alarms once, numbers shown by building."""

from __future__ import annotations

from dataclasses import replace

from dialplan.rows import CallerIdRow
from pbx.facts import AlarmCleared, AlarmRaised
from pbx.trunks.desk import AWAY_SECONDS, shown_number
from tests.support.carriers import LIMITS, registering, trunk
from tests.support.exchange import Exchange


def test_what_did_not_change_goes_on_undisturbed() -> None:
    world = Exchange()
    world.carriers(trunk("first"), trunk("second"))
    first, second = world.desk.link("first"), world.desk.link("second")
    world.desk.configure([trunk("second"), trunk("first", caller_id="+4722111111")], world.now)
    assert world.desk.link("second") is second
    assert world.desk.link("first") is not first
    assert [(one.ref, one.state) for one in world.desk.shown()] == [
        ("second", "Reachable"),
        ("first", "Unreachable"),
    ]
    assert world.desk.stats()["configured"] == 2


def test_a_carrier_that_is_away_is_an_alarm_once_until_it_is_back() -> None:
    world = Exchange()
    (carrier,) = world.carriers(trunk(), up=False)
    world.advance(AWAY_SECONDS + 30)
    assert [(fact.site, fact.kind, fact.subject) for fact in world.saw(AlarmRaised)] == [
        (None, "trunk_away", "carrier")
    ]
    carrier.well = True
    carrier.pbx_flow.alive = True
    world.desk.link("carrier").connected(carrier.pbx_flow, world.now)
    world.settle()
    assert [fact.subject for fact in world.saw(AlarmCleared)] == ["carrier"]


def test_a_carrier_that_is_taken_away_is_no_alarm_any_more() -> None:
    world = Exchange()
    world.carriers(registering(), up=False)
    world.advance(AWAY_SECONDS + 30)
    world.desk.configure([], world.now)
    assert len(world.saw(AlarmRaised)) == len(world.saw(AlarmCleared)) == 1
    assert world.desk.shown() == []


def test_the_number_that_a_building_shows() -> None:
    row = replace(LIMITS, caller_id="+4722000001", caller_ids=(CallerIdRow("house", "+4722000002"),))
    assert shown_number(row, "house") == "+4722000002"
    assert shown_number(row, "barn") == "+4722000001"
    assert shown_number(LIMITS, "house") == ""

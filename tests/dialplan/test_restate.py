"""A plan said again in rows, with every default spelled out."""

from __future__ import annotations

from hypothesis import given, settings

from dialplan.restate import restate
from dialplan.rows import SiteRows
from tests.support.demonstration import house, office
from tests.support.plans import compiled, sites


@settings(max_examples=30)
@given(sites())
def test_compiling_what_was_said_again_gives_the_same_plan(rows: SiteRows) -> None:
    plan = compiled(rows)
    again = restate(plan)
    assert compiled(again) == plan
    assert restate(compiled(again)) == again


def test_defaults_are_spelled_out() -> None:
    rows = restate(compiled(house()))
    people = {person.id: person for person in rows.people}
    assert people["kari"].user == "kari"
    nordmann = next(button for button in rows.buttons if button.id == "nordmann")
    assert (nordmann.kind, nordmann.label, nordmann.panels) == (
        "common",
        "Nordmann",
        ("panel-front", "panel-garage"),
    )
    assert [door.lockdown for door in rows.doors] == [True, True, True]
    assert rows.schedules[0].time_zone == "Europe/Oslo"


def test_hours_past_midnight_are_said_as_they_were() -> None:
    rows = restate(compiled(office()))
    night = next(schedule for schedule in rows.schedules if schedule.id == "night")
    assert (night.periods[0].start, night.periods[0].end) == ("22:00", "06:00")


def test_kinds_of_buttons_are_said_as_they_were() -> None:
    assert [button.kind for button in restate(compiled(office())).buttons] == ["common", "grouped", "common"]
    assert {button.kind for button in restate(compiled(house())).buttons} == {
        "individual",
        "common",
        "grouped",
    }

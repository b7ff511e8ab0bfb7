"""Who may open what: fire beats lockdown beats hold beats rights, and every denial has its reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.access import AT_REST, Denied, DoorState, Granted, may_open
from dialplan.plan import DialPlan
from dialplan.route import Target
from dialplan.rows import METHODS, Method
from tests.support.demonstration import house, office
from tests.support.plans import DOORS, PEOPLE, compiled, moments, plans

HOUSE, OFFICE = compiled(house()), compiled(office())
WORKDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def person(id_: str) -> Target:
    return Target("person", id_)


def device(id_: str) -> Target:
    return Target("device", id_)


def test_a_resident_opens_by_the_right_of_the_house() -> None:
    assert may_open(HOUSE, person("kari"), "gate", "app", WORKDAY) == Granted(15, "residents")
    assert may_open(HOUSE, device("kari-app"), "gate", "app", WORKDAY) == Granted(15, "residents")


def test_a_station_opens_by_the_right_of_its_flat() -> None:
    station = device("station-h0101")
    assert may_open(HOUSE, station, "front", "visitor_call", WORKDAY, panel="panel-front") == Granted(
        5, "residents"
    )


def test_a_visitor_call_opens_doors_of_the_calling_panel_only() -> None:
    app = device("kari-app")
    for panel, door in (("", "front"), ("panel-garage", "front"), ("panel-front", "garage")):
        assert may_open(HOUSE, app, door, "visitor_call", WORKDAY, panel=panel) == Denied("wrong_panel")


def test_a_denial_says_why() -> None:
    caretaker = person("vaktmester")
    assert may_open(HOUSE, caretaker, "gate", "app", WORKDAY) == Granted(15, "caretaker")
    assert may_open(HOUSE, caretaker, "gate", "app", NIGHT) == Denied("wrong_time")
    assert may_open(HOUSE, caretaker, "front", "app", NIGHT) == Denied("wrong_time")  # not wrong_method
    assert may_open(OFFICE, person("anna"), "lift", "code", WORKDAY) == Denied("wrong_method")
    assert may_open(OFFICE, person("anna"), "lobby", "code", WORKDAY) == Granted(5, "code-by-day")
    assert may_open(HOUSE, person("nobody"), "front", "app", WORKDAY) == Denied("unknown_subject")
    assert may_open(HOUSE, person("kari"), "nowhere", "app", WORKDAY) == Denied("unknown_door")


def test_a_right_outside_a_schedule() -> None:
    caretaker = device("vaktmester-phone")
    assert may_open(HOUSE, caretaker, "front", "visitor_call", NIGHT, panel="panel-front") == Granted(
        5, "late"
    )


@pytest.mark.parametrize(
    "subject", [device("panel-front"), device("relays"), device("none"), Target("number", "+4722334455")]
)
def test_what_belongs_to_nobody_has_no_rights(subject: Target) -> None:
    assert may_open(HOUSE, subject, "front", "app", WORKDAY) == Denied("unknown_subject")


def test_a_person_without_a_unit_has_only_rights_of_the_person() -> None:
    assert may_open(HOUSE, person("vaktmester"), "garage", "app", WORKDAY) == Granted(5, "caretaker")


def test_nobody_has_a_right_by_being_here() -> None:
    plan = compiled(office())
    assert may_open(plan, person("anna"), "lift", "api", WORKDAY) == Denied("wrong_method")
    without = DialPlan(1, plan.directory, plan.groups, plan.schedules, plan.calendars, ())
    assert may_open(without, person("anna"), "lift", "app", WORKDAY) == Denied("no_right")


def test_fire_beats_lockdown_beats_hold_beats_rights() -> None:
    def ask(**state: bool) -> Granted | Denied:
        return may_open(HOUSE, person("kari"), "front", "app", WORKDAY, state=DoorState(**state))

    assert ask(fire=True, lockdown=True, hold=True) == Granted(5, "fire")
    assert ask(lockdown=True, hold=True) == Denied("lockdown")
    assert ask(hold=True) == Granted(5, "hold")
    assert ask() == Granted(5, "residents")


def test_a_lockdown_passes_a_door_that_must_not_be_locked() -> None:
    locked = DoorState(lockdown=True)
    assert may_open(OFFICE, person("anna"), "lift", "app", WORKDAY, state=locked) == Granted(5, "staff-in")
    assert may_open(OFFICE, person("anna"), "lobby", "app", WORKDAY, state=locked) == Denied("lockdown")


subjects = st.sampled_from(
    [
        *map(person, PEOPLE),
        device("p1-phone"),
        device("station-u1"),
        device("panel1"),
        Target("number", "+47"),
    ]
)
methods: st.SearchStrategy[Method] = st.sampled_from(METHODS)
doors = st.sampled_from(DOORS)
panels = st.sampled_from(("", "panel1", "panel2"))


@settings(max_examples=40)
@given(plans(), subjects, doors, methods, moments, panels, st.booleans())
def test_no_path_opens_under_lockdown(
    plan: DialPlan, subject: Target, id_: str, method: Method, at: datetime, panel: str, hold: bool
) -> None:
    door = plan.door(id_)
    assert door is not None
    answer = may_open(plan, subject, id_, method, at, panel=panel, state=DoorState(lockdown=True, hold=hold))
    assert isinstance(answer, Denied) or not door.lockdown


@settings(max_examples=40)
@given(plans(), subjects, doors, methods, moments, panels, st.booleans(), st.booleans())
def test_fire_releases_every_door_for_everybody(
    plan: DialPlan,
    subject: Target,
    id_: str,
    method: Method,
    at: datetime,
    panel: str,
    lockdown: bool,
    hold: bool,
) -> None:
    state = DoorState(fire=True, lockdown=lockdown, hold=hold)
    answer = may_open(plan, subject, id_, method, at, panel=panel, state=state)
    assert isinstance(answer, Granted) or answer == Denied("unknown_subject")


@settings(max_examples=40)
@given(plans(), subjects, doors, methods, moments, panels)
def test_at_rest_only_a_rule_that_fits_opens(
    plan: DialPlan, subject: Target, id_: str, method: Method, at: datetime, panel: str
) -> None:
    answer = may_open(plan, subject, id_, method, at, panel=panel, state=AT_REST)
    door = plan.door(id_)
    assert door is not None
    if isinstance(answer, Denied):
        return
    assert answer.seconds == door.open_seconds
    rule = next(rule for rule in plan.rules if rule.id == answer.why)
    assert id_ in rule.doors and method in rule.methods
    assert rule.window is None or rule.window.is_open(at)

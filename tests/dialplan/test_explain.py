"""May X open this door at T by M, and why; and what must hold whatever anybody writes into a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.access import Denied, DoorState, Granted, may_open
from dialplan.explain import Ground, Stop, explain
from dialplan.plan import DialPlan
from dialplan.route import Target
from dialplan.rows import METHODS, Method, ThenRow
from tests.dialplan.checks.expectations import changed
from tests.support.demonstration import house
from tests.support.plans import DOORS, PANELS, PEOPLE, compiled, moments, plans

HOUSE = compiled(changed(house(), "doors", "gate", then=(ThenRow("front", 10), ThenRow("garage", 20))))
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
states = st.builds(DoorState, st.booleans(), st.booleans(), st.booleans(), st.booleans())
methods = st.sampled_from(METHODS)
people, doors, panels = st.sampled_from(PEOPLE), st.sampled_from(DOORS), st.sampled_from(PANELS)


def test_the_rule_that_grants_and_by_what() -> None:
    told = explain(HOUSE, Target("person", "kari"), "gate", "app", MORNING)
    assert told.verdict == Granted(15, "residents")
    assert [each for each in told.grounds if each.outcome == "grants"] == [
        Ground("residents", "building", "fjordgata5", "grants")
    ]
    assert told.way[1] == Stop("front", MORNING + timedelta(seconds=10), Granted(5, "residents"))


def test_the_way_ends_at_the_first_door_that_may_not_open() -> None:
    told = explain(HOUSE, Target("person", "kari"), "gate", "app", MORNING, state=DoorState(lockdown=True))
    assert told.way == (Stop("gate", MORNING, Denied("lockdown")),)


def test_a_stranger_has_no_grounds() -> None:
    told = explain(HOUSE, Target("person", "nobody"), "gate", "app", MORNING)
    assert (told.verdict, told.grounds) == (Denied("unknown_subject"), ())


@settings(max_examples=150)
@given(plans(), people, doors, methods, moments, states, panels)
def test_it_says_what_the_lock_would_do(
    plan: DialPlan, person: str, door: str, method: Method, at: datetime, state: DoorState, panel: str
) -> None:
    subject = Target("person", person)
    told = explain(plan, subject, door, method, at, panel=panel, state=state)
    assert told.verdict == may_open(plan, subject, door, method, at, panel=panel, state=state)
    assert told.way[0].verdict == told.verdict
    granting = {each.rule for each in told.grounds if each.outcome == "grants"}
    if isinstance(told.verdict, Granted):
        assert told.verdict.why in granting | {"fire", "hold"}
    elif told.verdict.reason in ("no_right", "wrong_method", "wrong_time"):
        assert not granting
        assert (told.verdict.reason == "no_right") == (not told.grounds)


@settings(max_examples=150)
@given(plans(), people, doors, methods, moments, states)
def test_no_path_opens_under_lockdown(
    plan: DialPlan, person: str, door: str, method: Method, at: datetime, state: DoorState
) -> None:
    locked = DoorState(False, True, state.hold, state.tamper)
    for stop in explain(plan, Target("person", person), door, method, at, state=locked).way:
        found = plan.door(stop.door)
        assert found is not None
        if found.lockdown:
            assert isinstance(stop.verdict, Denied)


@settings(max_examples=150)
@given(plans(), people, methods, moments, states)
def test_no_rule_touches_an_exit(
    plan: DialPlan, person: str, method: Method, at: datetime, state: DoorState
) -> None:
    """Where people flee by a door that depends on us, nothing in a plan can keep it shut."""
    for door in plan.directory.doors:
        if not door.escape_route or door.exit_hardware:
            continue
        assert (door.lockdown, door.interlock, door.fail) == (False, (), "safe")
        locked, free = (
            explain(
                plan,
                Target("person", person),
                door.id,
                method,
                at,
                state=DoorState(state.fire, lockdown, state.hold, state.tamper),
            ).verdict
            for lockdown in (True, False)
        )
        assert locked == free

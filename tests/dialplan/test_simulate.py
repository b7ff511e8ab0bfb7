"""The timeline of a press: bars with names, in order, as the Route says."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.plan import DialPlan
from dialplan.resolve import CHOOSE, resolve
from dialplan.route import RING_LIMIT, Reject, Route, Target, flatten, over_at
from dialplan.simulate import Bar, Timeline, simulate, timeline
from tests.support.demonstration import house, office
from tests.support.plans import PANELS, compiled, moments, plans, routes

HOUSE, OFFICE = compiled(house()), compiled(office())
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_press_now_who_rings_when() -> None:
    assert simulate(HOUSE, "panel-front", "nordmann", NOON) == Timeline(
        label="Nordmann",
        bars=(
            Bar(Target("person", "kari"), "Kari Nordmann", 0, 40, 0, "root", False),
            Bar(Target("person", "ola"), "Ola Nordmann", 10, 40, 0, "root", False),
            Bar(Target("person", "vaktmester"), "Roar Vik", 40, 70, 0, "fallback", False),
        ),
        over=70,
        fallback_at=40,
    )


def test_a_reception_that_rings_in_turn_then_everybody_then_a_telephone() -> None:
    drawn = simulate(OFFICE, "panel-lobby", "reception", NOON)
    assert [(bar.label, bar.start, bar.end, bar.step) for bar in drawn.bars] == [
        ("Anna Berg", 0, 20, 0),
        ("Erik Dahl", 20, 35, 1),
        ("Anna Berg", 42, 60, 2),
        ("Erik Dahl", 42, 60, 2),
        ("Sofie Moe", 42, 60, 2),
        ("Jonas Vik", 42, 60, 2),
        ("Meeting room", 42, 60, 2),
        ("+4740000000", 60, 105, 0),
    ]
    assert (drawn.fallback_at, drawn.over) == (60, 105)


def test_a_press_that_rings_nobody_says_why() -> None:
    assert simulate(OFFICE, "panel-lobby", "staff", NOON) == Timeline("", (), 0, None, CHOOSE)


@given(routes())
def test_a_timeline_is_the_route_flattened(route: Route) -> None:
    drawn = timeline(HOUSE, route)
    assert sorted((bar.start, bar.end, bar.target.id) for bar in drawn.bars) == sorted(
        (span.start, span.end, span.ring.target.id) for span in flatten(route)
    )
    assert [bar.start for bar in drawn.bars] == sorted(bar.start for bar in drawn.bars)
    assert drawn.over == over_at(route)


@settings(max_examples=40)
@given(plans(), st.sampled_from(PANELS), moments)
def test_every_button_has_a_timeline(plan: DialPlan, panel: str, at: datetime) -> None:
    for button in plan.buttons_on(panel):
        drawn = simulate(plan, panel, button.user, at)
        answer = resolve(plan, panel, button.user, at)
        assert drawn.reject == (answer if isinstance(answer, Reject) else None)
        assert all(0 <= bar.start < bar.end <= drawn.over <= RING_LIMIT for bar in drawn.bars)

"""Who may call what, and which Route comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.plan import DialPlan
from dialplan.resolve import (
    CHOOSE,
    ELSEWHERE,
    EMERGENCY,
    NOT_ALLOWED,
    PEOPLE_RING_SECONDS,
    PEOPLE_TALK_SECONDS,
    UNAVAILABLE,
    UNKNOWN,
    resolve,
)
from dialplan.route import RING_LIMIT, Parallel, Reject, Ring, Route, Sequence, Target, rings
from dialplan.rows import ButtonRow, Pause, SiteRows
from tests.support.demonstration import house, office
from tests.support.plans import PANELS, compiled, moments, plans

HOUSE, OFFICE = compiled(house()), compiled(office())
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def away(rows: SiteRows, *ids: str, hidden: Pause = False, do_not_disturb: Pause = False) -> DialPlan:
    people = (
        replace(person, hidden=hidden, do_not_disturb=do_not_disturb) if person.id in ids else person
        for person in rows.people
    )
    return compiled(replace(rows, people=tuple(people)))


def route(answer: Route | Reject) -> Route:
    assert isinstance(answer, Route), answer
    return answer


def test_an_individual_button() -> None:
    assert resolve(HOUSE, "panel-front", "b-mohammed", NOON) == Route(
        button="b-mohammed",
        label="Mohammed Ali",
        root=Ring(Target("person", "mohammed"), 0, 60),
        fallback=None,
        ring_limit=120,
        decline="others_ring",
        talk_limit=180,
        panel="panel-front",
        building="fjordgata5",
    )


def test_a_common_button_with_its_fallback_by_day_and_by_night() -> None:
    kari_and_ola = Parallel((Ring(Target("person", "kari"), 0, 40), Ring(Target("person", "ola"), 10, 30)))
    by_day = route(resolve(HOUSE, "panel-garage", "11", NOON))
    assert (by_day.root, by_day.fallback) == (kari_and_ola, Ring(Target("person", "vaktmester"), 0, 30))
    by_night = route(resolve(HOUSE, "panel-garage", "nordmann", NIGHT))
    assert by_night.fallback == Ring(Target("number", "+4798765432"), 0, 30, confirm=True)


def test_limits_come_from_the_button_or_the_panel() -> None:
    reception = route(resolve(OFFICE, "panel-lobby", "1", NOON))
    assert (reception.ring_limit, reception.talk_limit) == (120, 300)
    deliveries = route(resolve(OFFICE, "panel-lobby", "delivery", NOON))
    assert (deliveries.ring_limit, deliveries.talk_limit) == (90, 60)
    assert route(resolve(HOUSE, "panel-front", "help", NOON)).decline == "ends_call"


def test_a_grouped_button_is_no_call_but_its_names_are() -> None:
    assert resolve(OFFICE, "panel-lobby", "staff", NOON) == CHOOSE
    anna = route(resolve(OFFICE, "panel-lobby", "20", NOON))
    assert (anna.button, anna.label, anna.talk_limit) == ("staff", "Anna Berg", 300)
    assert anna.root == Ring(Target("person", "anna"), 0, 60)
    meeting = route(resolve(OFFICE, "panel-lobby", "meeting", NOON))
    assert (meeting.label, meeting.root) == ("Meeting room", Ring(Target("device", "meeting"), 0, 60))


def test_a_name_in_a_list_rings_as_its_own_button_wherever_that_is_shown() -> None:
    own = ButtonRow("b-anna", person="anna", panels=(), ring_seconds=33, decline="ends_call", fallback="duty")
    plan = compiled(replace(office(), buttons=(*office().buttons, own)))
    anna = route(resolve(plan, "panel-lobby", "anna", NOON))
    assert (anna.button, anna.decline) == ("b-anna", "ends_call")
    assert anna.root == Ring(Target("person", "anna"), 0, 33)
    assert anna.fallback == Ring(Target("number", "+4740000000"), 0, 45)


@pytest.mark.parametrize(
    "dialled", ["floor3", "nils", "kari", "kari-app", "panel-garage", "nobody", "", "a b"]
)
def test_a_panel_reaches_only_what_it_shows(dialled: str) -> None:
    assert resolve(HOUSE, "panel-front", dialled, NOON) == UNKNOWN


def test_a_panel_that_lists_somebody_reaches_him() -> None:
    assert route(resolve(HOUSE, "panel-garage", "nils", NOON)).label == "Nils Sæther"
    assert resolve(HOUSE, "panel-garage", "kari", NOON) == UNKNOWN


@pytest.mark.parametrize("caller", ["panel-front", "kari-app"])
@pytest.mark.parametrize(
    ("dialled", "expected"),
    [("112", EMERGENCY), ("tel:113", EMERGENCY), ("+4722334455", ELSEWHERE), ("tel:+47-22334455", ELSEWHERE)],
)
def test_nobody_calls_the_world_outside(caller: str, dialled: str, expected: Reject) -> None:
    assert resolve(HOUSE, caller, dialled, NOON) == expected


def test_the_hidden_are_not_called_and_the_undisturbed_only_have_their_fallback() -> None:
    hidden = away(house(), "aase", "kari", "nils", hidden=True)
    assert resolve(hidden, "panel-front", "b-aase", NOON) == UNAVAILABLE
    assert route(resolve(hidden, "panel-front", "nordmann", NOON)).root == Ring(
        Target("person", "ola"), 10, 30
    )
    assert resolve(hidden, "panel-garage", "nils", NOON) == UNKNOWN
    assert resolve(hidden, "ola-app", "kari", NOON) == UNAVAILABLE
    quiet = away(house(), "aase", "mohammed", "nils", do_not_disturb=True)
    aase = route(resolve(quiet, "panel-front", "b-aase", NOON))
    assert (aase.root, aase.fallback) == (Parallel(()), Ring(Target("person", "vaktmester"), 0, 30))
    assert resolve(quiet, "panel-front", "b-mohammed", NOON) == UNAVAILABLE
    assert resolve(quiet, "panel-garage", "nils", NOON) == UNAVAILABLE


def test_everybody_gone_from_a_list() -> None:
    assert resolve(away(house(), "nils", "per", hidden=True), "panel-garage", "per", NOON) == UNKNOWN


def test_hidden_until_the_call_begins() -> None:
    plan = away(house(), "mohammed", hidden=NOON)
    assert resolve(plan, "panel-front", "201", NOON - timedelta(seconds=1)) == UNAVAILABLE
    assert isinstance(resolve(plan, "panel-front", "201", NOON), Route)


def test_residents_call_people_devices_and_panels() -> None:
    call = route(resolve(HOUSE, "kari-app", "102", NOON))
    assert call == Route(
        button="",
        label="Åse Ødegård",
        root=Ring(Target("person", "aase"), 0, PEOPLE_RING_SECONDS),
        fallback=None,
        ring_limit=PEOPLE_RING_SECONDS,
        decline="others_ring",
        talk_limit=PEOPLE_TALK_SECONDS,
        panel="",
        building="fjordgata5",
    )
    panel = route(resolve(HOUSE, "station-h0101", "801", NOON))
    assert (panel.label, panel.root) == ("Hovedinngang", Ring(Target("device", "panel-front"), 0, 60))


def test_a_call_to_oneself_rings_ones_other_devices() -> None:
    call = route(resolve(HOUSE, "kari-app", "kari", NOON))
    assert [ring.target.id for ring in rings(call.root)] == ["kari-phone", "station-h0101"]
    assert resolve(HOUSE, "aase-app", "aase", NOON) == UNAVAILABLE
    assert resolve(HOUSE, "aase-app", "aase-app", NOON) == UNAVAILABLE


def test_what_residents_cannot_call() -> None:
    assert resolve(HOUSE, "kari-app", "nordmann", NOON) == UNKNOWN, "a button"
    assert resolve(HOUSE, "kari-app", "relays", NOON) == NOT_ALLOWED
    assert resolve(HOUSE, "kari-app", "nobody", NOON) == UNKNOWN


@pytest.mark.parametrize("caller", ["relays", "nothing", ""])
def test_controllers_and_strangers_call_nothing(caller: str) -> None:
    assert resolve(HOUSE, caller, "kari", NOON) == NOT_ALLOWED


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        resolve(HOUSE, "panel-front", "11", datetime(2026, 11, 23))  # noqa: DTZ001


def test_a_sequential_button_with_a_telephone_last() -> None:
    hansen = route(resolve(HOUSE, "panel-front", "hansen", NOON))
    assert isinstance(hansen.root, Sequence)
    assert [ring.target.id for ring in rings(hansen.root)] == ["per", "liv", "+4722334455"]
    assert not any(ring.confirm for ring in rings(hansen.root)), "the telephone rings alone"


def test_a_telephone_in_a_common_group_must_confirm() -> None:
    reception = route(resolve(OFFICE, "panel-lobby", "delivery", NIGHT))
    assert [(ring.target.kind, ring.confirm) for ring in rings(reception.root)] == [
        ("device", False),
        ("number", True),
    ]


@settings(max_examples=60)
@given(plans(), st.sampled_from(PANELS), moments)
def test_a_panel_rings_whom_it_lists_and_nobody_else(plan: DialPlan, panel: str, at: datetime) -> None:
    listing = plan.listing(panel, at)
    choices = {choice.user for entry in listing for choice in entry.choices}
    buttons = {entry.user for entry in listing}
    people = {person.user: person for person in plan.directory.people}
    everything = {*buttons, *choices, *people, *(device.username for device in plan.directory.devices)}
    everything |= {button.user for button in plan.directory.buttons}
    for user in sorted(everything):
        answer = resolve(plan, panel, user, at)
        if isinstance(answer, Reject):
            assert answer in (UNKNOWN, UNAVAILABLE, CHOOSE)
            continue
        assert answer.panel == panel and 0 < answer.ring_limit <= RING_LIMIT and answer.talk_limit >= 30
        button = plan.button(answer.button)
        assert button is not None
        shown = {button.user, people[button.person].user} if button.person else {button.user}
        assert user in choices or (button.user in buttons and user in shown)
        trees = [tree for tree in (answer.root, answer.fallback) if tree is not None]
        assert all(plan.callable(ring.target, at) for tree in trees for ring in rings(tree))

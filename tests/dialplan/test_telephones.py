"""People's telephones in a ring, numbers outside, and help: whom a call reaches when a trunk is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dialplan.access import Denied, Granted, may_open
from dialplan.plan import DialPlan
from dialplan.resolve import resolve
from dialplan.route import Reject, Ring, Route, Target, rings
from dialplan.rows import ButtonRow, PersonRow, TelephonyRow
from tests.support.exchange import story_rows
from tests.support.plans import compiled

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_a_person_with_a_telephone_only_rings_there_and_wins_by_answering() -> None:
    plan = _with_telephones()
    route = resolve(plan, "gate", "olga", NOON)
    assert isinstance(route, Route)
    assert route.root == Ring(Target("number", "+4722334455"), 0.0, 60.0)


def test_beside_an_app_a_telephone_wins_by_a_digit_only() -> None:
    plan = _with_telephones()
    route = resolve(plan, "gate", "kari", NOON)
    assert isinstance(route, Route)
    found = {each.target.kind: each.confirm for each in rings(route.root)}
    assert found == {"person": False, "number": True}
    group = resolve(plan, "gate", "all", NOON)
    assert isinstance(group, Route)
    assert {each.target.id: each.timeout for each in rings(group.root)}["+4799887766"] == 60.0


def test_numbers_outside_only_for_residents_and_only_where_allowed() -> None:
    closed, open_ = _with_telephones(), _with_telephones(TelephonyRow(dial_out=True))
    assert resolve(closed, "kari-phone", "+4791234567", NOON) == Reject(404, "No telephone numbers outside")
    assert isinstance(resolve(open_, "kari-phone", "+4791234567", NOON), Route)
    assert isinstance(resolve(open_, "kari-phone", "91234567", NOON), Route)
    assert isinstance(resolve(open_, "kari-phone", "1234", NOON), Reject)
    assert isinstance(resolve(open_, "gate", "+4791234567", NOON), Reject)
    assert isinstance(resolve(open_, "gate", "91234567", NOON), Reject)


def test_help_is_refused_in_words_unless_the_site_has_a_way_and_never_from_a_panel() -> None:
    closed, open_ = _with_telephones(), _with_telephones(TelephonyRow(emergency="carrier"))
    assert resolve(closed, "kari-phone", "112", NOON) == Reject(403, "Not an emergency telephone")
    route = resolve(open_, "kari-phone", "112", NOON)
    assert isinstance(route, Route)
    assert route.root == Ring(Target("number", "112"), 0.0, 60.0)
    assert resolve(open_, "gate", "112", NOON) == Reject(403, "Not an emergency telephone")
    assert resolve(open_, "gate", "tel:1-1-2", NOON) == Reject(403, "Not an emergency telephone")


def _with_telephones(*telephony: TelephonyRow) -> DialPlan:
    site = story_rows()
    people = (
        replace(site.people[0], telephone="+4799887766"),
        replace(site.people[1], telephone="+4799887766"),
        PersonRow("olga", "Olga", unit="one", telephone="+4722334455"),
    )
    buttons = (*site.buttons, ButtonRow("olga-button", person="olga"))
    return compiled(replace(site, people=people, buttons=buttons, telephony=telephony))


def test_who_answers_a_telephone_may_do_what_its_people_may_do() -> None:
    plan = _with_telephones()

    def asked(number: str) -> Granted | Denied:
        return may_open(plan, Target("number", number), "front", "visitor_call", NOON, panel="gate")

    assert asked("+4722334455") == Granted(5, "residents")
    assert asked("+4799887766") == Granted(5, "residents")
    assert asked("+4712345678") == Denied("unknown_subject")

"""Every table: sizes, ids, names, references."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dialplan import limits
from dialplan.checks.tables import ids, ids_of, names, references, site, sizes
from dialplan.rows import ExceptionRow, HoursRow, MemberRow, PersonRow, UnitRow
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (site, sizes, ids, names, references):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    "domain", ["", "House.example", "-a.example", "a..b", "a.example.", "a" * 64, "å.no", "a b"]
)
def test_domains(domain: str) -> None:
    assert said(site, replace(house(), domain=domain)) == [("site/domain", "this is no domain name")]
    assert said(site, replace(house(), domain=".".join(["a" * 60] * 5))) == [
        ("site/domain", "this is no domain name")
    ]
    assert said(site, replace(house(), domain="localhost")) == []


def test_the_other_fields_of_a_site() -> None:
    assert said(site, replace(house(), organisation="")) == [("site/organisation", "the name is missing")]
    assert said(site, replace(house(), language="norsk bokmål")) == [
        ("site/language", "this is no language tag")
    ]
    assert said(site, replace(house(), language="en-GB")) == []
    assert said(site, replace(house(), revision=-1)) == [("site/revision", "the revision is negative")]


def test_ids_are_unique_and_well_formed() -> None:
    twice = replace(house(), units=(*house().units, UnitRow("h0101", "fjordgata5", "Again")))
    assert said(ids, twice) == [("units/8/id", "the id 'h0101' is used twice")]
    bad = replace(house(), units=(*house().units, UnitRow("1 etasje", "fjordgata5", "Floor")))
    assert said(ids, bad) == [("units/8/id", "this id cannot be used")]
    assert ids_of(house(), "panels") == ["panel-front", "panel-garage"]


@pytest.mark.parametrize(
    ("table", "id_", "field"),
    [
        ("buildings", "fjordgata5", "name"),
        ("units", "h0101", "name"),
        ("people", "kari", "name"),
        ("people", "kari", "alias"),
        ("devices", "kari-phone", "name"),
        ("doors", "front", "name"),
        ("groups", "hansen", "name"),
        ("buttons", "help", "label"),
        ("schedules", "work", "name"),
        ("calendars", "no", "name"),
    ],
)
def test_names_everywhere(table: str, id_: str, field: str) -> None:
    rows = changed(house(), table, id_, **{field: "a\x07b"})
    assert said(names, rows) == [(f"{table}/{id_}/{field}", "the name has invisible or control characters")]


@pytest.mark.parametrize(
    ("table", "id_", "field", "what"),
    [
        ("units", "h0101", "building", "building"),
        ("people", "kari", "unit", "unit"),
        ("devices", "kari-app", "person", "person"),
        ("devices", "station-h0101", "unit", "unit"),
        ("devices", "relays", "building", "building"),
        ("doors", "front", "building", "building"),
        ("doors", "front", "controller", "device"),
        ("panels", "panel-front", "device", "device"),
        ("buttons", "b-aase", "person", "person"),
        ("buttons", "b-aase", "building", "building"),
        ("buttons", "b-aase", "fallback", "group"),
        ("buttons", "help", "group", "group"),
        ("rules", "caretaker", "during", "schedule"),
        ("rules", "late", "outside", "schedule"),
    ],
)
def test_references_lead_somewhere(table: str, id_: str, field: str, what: str) -> None:
    rows = changed(house(), table, id_, **{field: "nowhere"})
    place = "nowhere" if field == "device" else id_
    assert said(references, rows)[0] == (f"{table}/{place}/{field}", f"there is no {what} 'nowhere'")


@pytest.mark.parametrize(
    ("table", "id_", "field", "what"),
    [
        ("doors", "front", "interlock", "door"),
        ("panels", "panel-front", "doors", "door"),
        ("buttons", "b-aase", "panels", "panel"),
        ("schedules", "work", "calendars", "calendar"),
        ("rules", "caretaker", "doors", "door"),
        ("rules", "caretaker", "people", "person"),
        ("rules", "caretaker", "units", "unit"),
        ("rules", "caretaker", "buildings", "building"),
    ],
)
def test_lists_of_references_lead_somewhere_once(table: str, id_: str, field: str, what: str) -> None:
    rows = changed(house(), table, id_, **{field: ("nowhere", "nowhere")})
    missing = (f"{table}/{id_}/{field}", f"there is no {what} 'nowhere'")
    assert said(references, rows) == [missing, missing, (missing[0], f"{what} 'nowhere' is listed twice")]


def test_an_empty_reference_that_is_needed() -> None:
    assert said(references, changed(house(), "doors", "gate", controller="")) == [
        ("doors/gate/controller", "there is no device ''")
    ]


def test_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    people = tuple(PersonRow(f"p{n}", "P") for n in range(50_001))
    assert said(sizes, replace(house(), people=people)) == [("people", "there are 50001 entries")]
    many = changed(house(), "groups", "hansen", members=(MemberRow("person", "per"),) * 101)
    assert said(sizes, many) == [("groups/hansen/members", "there are 101 entries")]
    special = ExceptionRow(date(2026, 1, 1), hours=(HoursRow("08:00", "09:00"),) * 21)
    assert said(sizes, changed(house(), "schedules", "work", exceptions=(special,))) == [
        ("schedules/work/exceptions/0/hours", "there are 21 entries")
    ]
    monkeypatch.setitem(limits.ROWS, "doors", 2)
    assert said(sizes, house()) == [("doors", "there are 3 entries")]

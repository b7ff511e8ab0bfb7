"""Rows from nested tables, as TOML and JSON give them, and every fault in them with its place."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.codec import rows_from, rows_to
from dialplan.rows import MemberRow, PersonRow, SiteRows
from tests.support.demonstration import house
from tests.support.plans import sites

SITE = """
domain = "house.example"
organisation = "Owners"
kind = "residential"

[[buildings]]
id = "h1"
name = "House"

[[people]]
id = "kari"
name = "Kari"
hidden = 2026-12-24T18:00:00+01:00

[[devices]]
id = "panel"
kind = "panel"
building = "h1"

[[panels]]
device = "panel"
keys = [{ digit = "8", door = "gate" }]

[[calendars]]
id = "c"
name = "C"
dates = [2026-12-24, "2026-12-31"]

[[groups]]
id = "g"
name = "G"
members = [{ kind = "person", id = "kari", timeout = 30 }, { kind = "number", id = "+4722334455" }]
"""


def site(**changes: Any) -> dict[str, Any]:
    return {**tomllib.loads(SITE), **changes}


def faults(data: object) -> list[tuple[str, str]]:
    found = rows_from(data)
    assert isinstance(found, list)
    assert all(error.hint for error in found)
    return [(error.where, error.message) for error in found]


def test_a_site_file() -> None:
    rows = rows_from(tomllib.loads(SITE))
    assert isinstance(rows, SiteRows)
    assert rows.people[0].hidden == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert rows.calendars[0].dates == (date(2026, 12, 24), date(2026, 12, 31))
    assert rows.groups[0].members[0] == MemberRow("person", "kari", timeout=30)
    assert rows.panels[0].keys[0].door == "gate"


@settings(max_examples=25)
@given(sites())
def test_there_and_back(rows: SiteRows) -> None:
    assert rows_from(rows_to(rows)) == rows


def test_the_demonstration_there_and_back() -> None:
    assert rows_from(rows_to(house())) == house()
    assert rows_to(PersonRow("kari", "Kari"))["hidden"] is False


PEOPLE, ID = "people", {"id": "kari", "name": "Kari"}


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"colour": "red"}, "site/colour", "there is no such field"),
        ({"shed": []}, "site/shed", "there is no such field"),
        ({"kind": "palace"}, "site/kind", "this is none of the choices"),
        ({"kind": 3}, "site/kind", "this is none of the choices"),
        ({"revision": "7"}, "site/revision", "this is no whole number"),
        ({"revision": True}, "site/revision", "this is no whole number"),
        ({"revision": 10**12}, "site/revision", "this is no whole number"),
        ({"language": 5}, "site/language", "this is no text"),
        ({"language": "n" * 300}, "site/language", "the text is too long"),
        ({PEOPLE: "kari"}, "site/people", "this is no list"),
        ({PEOPLE: ["kari"]}, "people/0", "this is no table"),
        ({PEOPLE: [{"id": "kari"}]}, "people/kari/name", "name is missing"),
        ({PEOPLE: [{"name": "Kari"}]}, "people/0/id", "id is missing"),
        ({PEOPLE: [{**ID, "id": 7}]}, "people/0/id", "this is no text"),
        ({PEOPLE: [{**ID, "nmae": "K"}]}, "people/kari/nmae", "there is no such field"),
        ({PEOPLE: [{**ID, "ring_station": 1}]}, "people/kari/ring_station", "this is neither yes nor no"),
        ({PEOPLE: [{**ID, "hidden": "soon"}]}, "people/kari/hidden", "this is no moment"),
        ({PEOPLE: [{**ID, "hidden": 1}]}, "people/kari/hidden", "this is no moment"),
        ({"panels": [{"device": "panel", "doors": 1}]}, "panels/panel/doors", "this is no list"),
        (
            {"panels": [{"device": "panel", "keys": [{"digit": "5"}]}]},
            "panels/panel/keys/0/door",
            "door is missing",
        ),
        (
            {"calendars": [{"id": "c", "name": "C", "dates": ["2026-02-30"]}]},
            "calendars/c/dates/0",
            "this is no date",
        ),
        (
            {"calendars": [{"id": "c", "name": "C", "dates": [datetime(2026, 1, 1, tzinfo=UTC)]}]},
            "calendars/c/dates/0",
            "this is no date",
        ),
        (
            {
                "groups": [
                    {"id": "g", "name": "G", "members": [{"kind": "person", "id": "kari", "timeout": "1"}]}
                ]
            },
            "groups/g/members/0/timeout",
            "this is no whole number",
        ),
        (
            {
                "doors": [
                    {"id": "d", "name": "D", "building": "h1", "controller": "c", "relay": "1", "lockdown": 0}
                ]
            },
            "doors/d/lockdown",
            "this is neither yes nor no",
        ),
    ],
)
def test_a_fault_has_its_place(changes: dict[str, Any], where: str, message: str) -> None:
    assert faults(site(**changes)) == [(where, message)]


def test_what_is_missing_on_top() -> None:
    assert faults({}) == [
        ("site/domain", "domain is missing"),
        ("site/organisation", "organisation is missing"),
        ("site/kind", "kind is missing"),
    ]
    assert faults([]) == [("site", "this is no table")]


def test_a_list_may_be_left_to_the_default() -> None:
    rows = rows_from(site(buttons=[{"id": "b"}, {"id": "c", "panels": []}, {"id": "d", "panels": None}]))
    assert isinstance(rows, SiteRows)
    assert [button.panels for button in rows.buttons] == [None, (), None]


def test_a_file_full_of_faults_gives_the_first_of_them() -> None:
    assert len(faults(site(people=["x"] * 2000))) == 500


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)))
def test_nothing_hurts(data: object) -> None:
    assert isinstance(rows_from(data), list)

"""Documents: golden ones, there and back, and everything that is none."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan import document, limits
from dialplan.compile import compile
from dialplan.errors import DocumentError
from dialplan.plan import DialPlan
from dialplan.rows import DoorRow
from tests.support.demonstration import house, office
from tests.support.golden import PLANS, SITES, readable
from tests.support.plans import compiled, plans

HOUSE = compiled(house())


@pytest.mark.parametrize("name", SITES)
def test_golden(name: str) -> None:
    golden = (PLANS / f"{name}.json").read_text(encoding="utf-8")
    plan = compiled(SITES[name]())
    assert readable(plan) == golden, "if this is meant: python -m tests.support.golden"
    assert document.loads(golden) == plan


@settings(max_examples=30)
@given(plans())
def test_there_and_back(plan: DialPlan) -> None:
    text = document.dumps(plan)
    again = document.loads(text)
    assert again == plan
    assert document.dumps(again) == text
    assert document.load(document.dump(plan)) == plan


def test_the_order_of_rows_makes_no_difference_but_for_buttons() -> None:
    rows = house()
    shuffled = replace(
        rows,
        people=rows.people[::-1],
        devices=rows.devices[::-1],
        rules=rows.rules[::-1],
        groups=rows.groups[::-1],
    )
    assert document.dumps(compiled(shuffled)) == document.dumps(HOUSE)
    assert document.dumps(compiled(replace(rows, buttons=rows.buttons[::-1]))) != document.dumps(HOUSE)


def test_bytes_are_utf_8() -> None:
    assert document.loads(document.dumps(HOUSE).encode()) == HOUSE


def test_what_may_no_longer_be_published_still_rings() -> None:
    trap = DoorRow("trap", "Trap", "fjordgata5", "relays", "9", escape_route=True, lockdown=True)
    rows = house()
    assert isinstance(compile(replace(rows, doors=(*rows.doors, trap))), list)
    old = document.dump(HOUSE)
    old["doors"].append({**old["doors"][0], "id": "trap", "relay": "9", "exit_hardware": False})
    assert isinstance(document.load(old), DialPlan)


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        "plan",
        [],
        {},
        {"version": 2},
        {"version": True},
        {"version": "1"},
        {"version": 1.0},
        {"version": 1},
    ],
)
def test_what_is_no_document(data: object) -> None:
    with pytest.raises(DocumentError):
        document.load(data)


@pytest.mark.parametrize(
    "text",
    ["", "{", "nul", "[1", '{"version": 1', b"\xff\xfe\x00", "[" * 100_000, "1" * 5000, '{"version": NaN}'],
)
def test_what_is_no_json(text: str | bytes) -> None:
    with pytest.raises(DocumentError):
        document.loads(text)


def test_a_document_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "DOCUMENT_BYTES", 100)
    with pytest.raises(DocumentError, match="longer than 100 bytes"):
        document.loads(document.dumps(HOUSE))


def test_a_table_may_not_be_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.ROWS, "people", 3)
    with pytest.raises(DocumentError, match="people: there are 11 entries; keep it to 3"):
        document.load(document.dump(HOUSE))


def test_an_error_names_the_first_fault() -> None:
    data = document.dump(HOUSE)
    data["people"][0]["unit"] = "nowhere"
    with pytest.raises(
        DocumentError, match="1 faults, the first: people/aase/unit: there is no unit 'nowhere'"
    ):
        document.load(data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats() | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values in a document."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


WHOLE = document.dump(compiled(office()))
PLACES = [place for place in places(WHOLE) if place]
WORDS = [
    "",
    "anna",
    "staff",
    "reception",
    "person",
    "group",
    "open",
    "24:00",
    "2026-01-01",
    0,
    1,
    1000,
    True,
    None,
]


@settings(max_examples=400)
@given(
    st.lists(st.tuples(st.sampled_from(PLACES), anything | st.sampled_from(WORDS)), min_size=1, max_size=4)
)
def test_a_spoilt_document_is_refused_or_still_a_plan(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    data = json.loads(json.dumps(WHOLE))
    for path, value in changes:
        place = data
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue  # an earlier change took it away
    try:
        plan = document.load(data)
    except DocumentError as error:
        assert len(str(error)) < 1000
        return
    assert document.load(document.dump(plan)) == plan

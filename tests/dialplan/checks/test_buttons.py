"""Each kind of button has what it rings; a fallback gets its turn."""

from __future__ import annotations

from typing import Any

import pytest

from dialplan.checks.buttons import buttons, fallbacks
from dialplan.rows import MemberRow
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (buttons, fallbacks):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    ("id_", "changes", "field", "message"),
    [
        ("b-aase", {"person": ""}, "person", "the button rings no person"),
        ("b-aase", {"group": "hansen"}, "group", "a button of kind 'individual' rings a person, not a group"),
        ("help", {"group": ""}, "group", "the button rings no group"),
        ("help", {"person": "kari"}, "person", "a button of kind 'common' rings a group, not a person"),
        ("floor3", {"person": "kari"}, "person", "a button of kind 'grouped' rings a group, not a person"),
        ("floor3", {"group": "caretaker"}, "group", "the list would show a number"),
        ("help", {"ring_seconds": 4}, "ring_seconds", "the ring time is 4"),
        ("help", {"ring_limit": 121}, "ring_limit", "the ring limit is 121"),
        ("help", {"talk_seconds": 5}, "talk_seconds", "the talk time is 5"),
    ],
)
def test_buttons(id_: str, changes: dict[str, Any], field: str, message: str) -> None:
    assert said(buttons, changed(house(), "buttons", id_, **changes)) == [(f"buttons/{id_}/{field}", message)]


def test_what_is_not_there_is_passed_over() -> None:
    rows = changed(house(), "buttons", "floor3", group="nowhere")
    assert said(buttons, rows) == []
    assert said(fallbacks, changed(rows, "buttons", "nordmann", group="nowhere")) == []


def test_a_fallback_gets_its_turn() -> None:
    message = "the fallback never rings: what comes before it takes 60 s"
    assert said(fallbacks, changed(house(), "buttons", "b-aase", ring_limit=60)) == [
        ("buttons/b-aase/fallback", message)
    ]
    assert said(fallbacks, changed(house(), "buttons", "b-aase", ring_limit=61)) == []


def test_the_fallback_of_a_group() -> None:
    assert said(fallbacks, changed(house(), "groups", "nordmann", ring_seconds=120)) == [
        ("buttons/nordmann/fallback", "the fallback never rings: what comes before it takes 120 s")
    ]
    short = (MemberRow("person", "kari", delay=5, timeout=30),)
    assert said(fallbacks, changed(house(), "groups", "nordmann", ring_seconds=120, members=short)) == []
    chain = changed(house(), "groups", "nordmann", ringing="sequential", step_seconds=60)
    assert said(fallbacks, chain) == [
        ("buttons/nordmann/fallback", "the fallback never rings: what comes before it takes 120 s")
    ]
    assert said(fallbacks, changed(house(), "groups", "nordmann", members=())) == []

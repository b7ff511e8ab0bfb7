"""Differences and the way back."""

from __future__ import annotations

from dataclasses import replace

from tests.support.demonstration import house
from webadmin.editing.difference import between, taken_back, with_row, without_row

ROWS = house()


def test_no_difference() -> None:
    assert between(ROWS, ROWS) == {}


def test_back_from_new_changed_and_gone() -> None:
    kari = ROWS.people[0]
    for after in (
        with_row(ROWS, "people", replace(kari, name="Other")),
        with_row(ROWS, "people", replace(kari, id="new", user="", number="")),
        without_row(ROWS, "rules", ROWS.rules[0].id),
    ):
        difference = between(ROWS, after)
        assert difference
        back = taken_back(after, difference)
        assert back is not None and between(ROWS, back) == {}


def test_what_changed_again_is_not_taken_back() -> None:
    kari = ROWS.people[0]
    after = with_row(ROWS, "people", replace(kari, name="Other"))
    later = with_row(ROWS, "people", replace(kari, name="Third"))
    assert taken_back(later, between(ROWS, after)) is None

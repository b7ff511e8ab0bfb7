"""Changes in sentences."""

from __future__ import annotations

from dataclasses import replace

from tests.support.demonstration import house
from webadmin.editing.difference import between, with_row, without_row
from webadmin.history.lines import MOST, lines_of

ROWS = house()


def test_what_changed_in_both_languages() -> None:
    group = next(group for group in ROWS.groups if len(group.members) > 1)
    off = replace(group, members=(replace(group.members[0], on=False), *group.members[1:]))
    difference = between(ROWS, with_row(ROWS, "groups", off))
    (english,), (norwegian,) = lines_of(difference, "en"), lines_of(difference, "nb")
    assert "(off)" in english and english.startswith("Dial group")
    assert "(av)" in norwegian and norwegian.startswith("Ringegruppe")


def test_new_removed_and_very_many() -> None:
    person = ROWS.people[0]
    assert lines_of(between(ROWS, without_row(ROWS, "people", person.id)), "en")[0].endswith(": removed")
    many = ROWS
    for number in range(MOST + 5):
        many = with_row(many, "people", replace(person, id=f"n{number}"))
    lines = lines_of(between(ROWS, many), "en")
    assert len(lines) == MOST + 1 and lines[0].endswith(": new")

"""Many people at once: the outcome of one after the other, at a price that does not grow with the square."""

from __future__ import annotations

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.rows import BuildingRow, DeviceRow, PersonRow, RuleRow, SiteRows, UnitRow
from tests.support.demonstration import house
from webadmin.editing.changes import Stale
from webadmin.people.service import move_in, move_in_all, move_out, move_out_all

NEW = tuple(PersonRow("", name) for name in ("Kari Berg", "Kari Berg", "Åse Øvre", "kari", "..."))


def test_all_at_once_is_one_after_the_other() -> None:
    rows = one_by_one = house()
    for person in NEW:
        one_by_one = move_in(person, "app", True)(one_by_one)
    assert move_in_all(NEW, "app", True)(rows) == one_by_one
    gone = [person.id for person in rows.people[::2]]
    for key in gone:
        one_by_one = move_out(key)(one_by_one)
    assert move_out_all(gone)(move_in_all(NEW, "app", True)(rows)) == one_by_one


def test_nobody_moves_out_twice() -> None:
    rows = house()
    with pytest.raises(Stale):
        move_out_all(["nobody"])(rows)


def test_a_right_of_nobody_goes_with_the_last_of_its_people() -> None:
    rows = SiteRows(
        domain="x.example",
        organisation="x",
        kind="residential",
        buildings=(BuildingRow("b", "B"),),
        units=(UnitRow("u", "b", "U"),),
        people=(PersonRow("a", "A", unit="u"), PersonRow("c", "C", unit="u")),
        devices=(DeviceRow("a-app", "app", person="a"),),
        rules=(RuleRow("alone", (), people=("a",)), RuleRow("both", (), people=("a", "c"))),
    )
    left = move_out_all(["a"])(rows)
    assert [(rule.id, rule.people) for rule in left.rules] == [("both", ("c",))]
    assert not left.devices


def test_five_thousand_of_one_name_compile() -> None:
    """By one after the other, this takes minutes."""
    people = tuple(PersonRow("", "Ny" if n % 2 else f"Ny {n}") for n in range(5000))
    rows = move_in_all(people, "app", True)(house())
    ids = [person.id for person in rows.people]
    assert len(ids) == len(set(ids)) == len(house().people) + 5000
    assert not isinstance(compile_plan(rows), list)

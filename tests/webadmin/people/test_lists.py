"""Lists: harmless in a spreadsheet, the same after a round trip, and every fault on its line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialplan.rows import PersonRow
from tests.support.demonstration import house
from webadmin.people.lists import read, write

ROWS = house()
ALL = frozenset(person.id for person in ROWS.people)
UNITS = frozenset(unit.id for unit in ROWS.units)


def test_there_and_back_changes_nothing() -> None:
    plan = read(write(ROWS.people), ROWS, ALL, UNITS)
    assert (plan.moving_in, plan.changed, plan.moving_out, plan.errors) == ((), (), (), ())


def test_a_formula_is_only_text() -> None:
    text = write([PersonRow("x", "=cmd()", alias="+1")])
    assert "'=cmd()" in text and "'+1" in text


def test_semicolons_and_who_is_missing() -> None:
    first = ROWS.people[0]
    plan = read(f"id;name;unit\n{first.id};{first.name};{first.unit}\n;Ny;\n", ROWS, ALL, UNITS)
    assert [person.name for person in plan.moving_in] == ["Ny"]
    assert len(plan.moving_out) == len(ROWS.people) - 1
    assert plan.edit()(ROWS).people[-1].id == "ny"


@pytest.mark.parametrize(
    "line",
    [
        *("nobody,Kari,,,", ",,,,", ",Kari,,no-such,", f",{'x' * 121},,,", ",a\x07b,,,"),
        ",Kari,,,,22334455",
    ],
)
def test_faults_name_their_line(line: str) -> None:
    plan = read(f"id,name,alias,unit,number,telephone\n{line}\n", ROWS, ALL, UNITS)
    assert [number for number, _, _ in plan.errors] == [2]


@pytest.mark.parametrize("text", ["", "x", "\x00", 'id,name\n"', "a,b\n1,2\n"])
def test_rubbish_moves_nobody(text: str) -> None:
    plan = read(text, ROWS, ALL, UNITS)
    assert not plan.moving_out and not plan.moving_in


def test_another_building_s_unit_looks_like_none() -> None:
    first, other = ROWS.people[0], ROWS.units[-1].id
    text = f"id,name,unit\n{first.id},{first.name},{other}\n,Ny,{other}\n"
    plan = read(text, ROWS, frozenset({first.id}), UNITS - {other}, only_units=True)
    assert [(line, value) for line, _, value in plan.errors] == [(2, other), (3, other)]
    assert not plan.moving_in and not plan.changed


def test_a_column_that_is_not_there_stays_as_it_is() -> None:
    before = replace(ROWS.people[0], alias="Dronninga", number="77", telephone="+4722334455")
    rows = replace(ROWS, people=(before, *ROWS.people[1:]))
    one = frozenset({before.id})
    (pair,) = read(f"id,name\n{before.id},Kari B.\n", rows, one, UNITS).changed
    assert pair[1] == replace(before, name="Kari B.")
    (new,) = read("name;telephone\nEva;+47 22 33 44 66\n", rows, frozenset(), UNITS).moving_in
    assert new == PersonRow("", "Eva", telephone="+4722334466")
    assert read(write([before]), rows, one, UNITS).changed == ()

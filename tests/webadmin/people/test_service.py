"""Changes of people on plain rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from dialplan.rows import PersonRow
from tests.support.demonstration import house
from webadmin.editing.changes import Stale, fingerprint
from webadmin.people import service

ROWS = house()


def test_ids_are_plain_and_new() -> None:
    assert service.new_id(ROWS, "people", "Åse Øen") == "ase-oen"
    assert service.new_id(ROWS, "people", "Kari") == "kari-2"
    assert service.new_id(ROWS, "people", "李") == "people"[:-1]


def test_everybody_can_move_out_and_the_rest_compiles_or_says_why() -> None:
    for person in ROWS.people:
        left = service.move_out(person.id)(ROWS)
        plan = compile_plan(left)
        assert isinstance(plan, DialPlan) or all("groups" in each.where for each in plan)
        assert not any(device.person == person.id for device in left.devices)


def test_somebody_else_was_here() -> None:
    kari = ROWS.people[0]
    changed = replace(kari, name="Other")
    with pytest.raises(Stale):
        service.save_person(changed, "old")(ROWS)
    assert service.save_person(changed, fingerprint(kari))(ROWS).people[0].name == "Other"
    with pytest.raises(Stale):
        service.move_out("gone")(ROWS)


def test_moving_in_with_everything() -> None:
    rows = service.move_in(PersonRow("new", "Ny Ny"), "app", True)(ROWS)
    assert rows.people[-1].id == "ny-ny" and rows.devices[-1].person == "ny-ny"
    assert rows.buttons[-1].person == "ny-ny" and isinstance(compile_plan(rows), DialPlan)

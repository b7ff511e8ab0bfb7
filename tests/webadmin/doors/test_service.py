"""Edits of doors, as functions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from tests.support.demonstration import house
from webadmin.doors.service import add_door, remove_door, save_door
from webadmin.editing.changes import Stale, fingerprint

ROWS = house()


def test_ids_do_not_collide_and_the_outcome_compiles() -> None:
    first = ROWS.doors[0]
    new = replace(first, id="", name=first.name, relay="other", then=(), interlock=())
    panel = ROWS.panels[0].device
    rows = add_door(new, [panel], True)(ROWS)
    assert len({door.id for door in rows.doors}) == len(ROWS.doors) + 1
    assert isinstance(compile_plan(rows), DialPlan)
    for door in rows.doors[1:]:
        rows = remove_door(door.id)(rows)
    assert isinstance(compile_plan(rows), DialPlan)


def test_what_changed_meanwhile_is_not_overwritten() -> None:
    door = ROWS.doors[0]
    changed = save_door(replace(door, name="Ny"), fingerprint(door))(ROWS)
    with pytest.raises(Stale):
        save_door(replace(door, name="Andre"), fingerprint(door))(changed)
    with pytest.raises(Stale):
        remove_door("none")(ROWS)

"""The four kinds as presets."""

from __future__ import annotations

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from tests.support.demonstration import house
from webadmin.buttons.service import kind_of, remove_button, save_button
from webadmin.editing.changes import Stale

ROWS = house()
BUILDING = ROWS.buildings[0].id
VALUES = {
    "person": ROWS.people[0].id,
    "group": ROWS.groups[0].id,
    "label": "Ny knapp",
    "number": "",
    "hidden": False,
    "building": BUILDING,
    "fallback": "",
    "ring_seconds": 30,
    "ring_limit": 90,
    "decline": "others_ring",
}


@pytest.mark.parametrize("kind", ["individual", "common_simultaneous", "common_sequential", "grouped"])
def test_each_kind_compiles_and_is_what_was_asked(kind: str) -> None:
    rows = save_button("", kind, VALUES, "")(ROWS)
    made = rows.buttons[-1]
    assert kind_of(rows, made) == kind and isinstance(compile_plan(rows), DialPlan)
    assert (made.person == "") == (kind != "individual")
    assert made.id not in {button.id for button in remove_button(made.id)(rows).buttons}
    with pytest.raises(Stale):
        save_button(made.id, kind, VALUES, "old")(rows)

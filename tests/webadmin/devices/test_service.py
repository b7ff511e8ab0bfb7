"""Edits of devices, as functions."""

from __future__ import annotations

import pytest

from tests.support.demonstration import house
from webadmin.devices.service import add_device, save_device
from webadmin.editing.changes import Stale, fingerprint

ROWS = house()


def test_new_and_changed() -> None:
    person = ROWS.people[0].id
    rows = add_device("phone", "Kitchen", "", f"person:{person}")(ROWS)
    made = rows.devices[-1]
    assert (made.person, made.unit, made.building, made.name) == (person, "", "", "Kitchen")
    renamed = save_device(made.id, "Hall", "77", fingerprint(made))(rows)
    assert renamed.devices[-1].name == "Hall"
    with pytest.raises(Stale):
        save_device(made.id, "Attic", "", fingerprint(made))(renamed)

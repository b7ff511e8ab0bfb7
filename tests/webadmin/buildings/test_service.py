"""Edits of buildings, as functions."""

from __future__ import annotations

import pytest

from tests.support.demonstration import house
from webadmin.buildings.service import add_building, remove_building, save_building
from webadmin.editing.changes import Stale, fingerprint


def test_new_changed_and_gone() -> None:
    rows = add_building("Annex")(house())
    annex = rows.buildings[-1]
    assert save_building(annex.id, "Barn", "", fingerprint((annex, "")))(rows).buildings[-1].name == "Barn"
    with pytest.raises(Stale):
        save_building(annex.id, "Barn", "Fjordgata 1", fingerprint((annex, "")))(rows)
    assert remove_building(annex.id)(rows) == house()

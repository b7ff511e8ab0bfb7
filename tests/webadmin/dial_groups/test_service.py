"""Groups and what their buttons fall back to."""

from __future__ import annotations

import pytest

from dialplan.rows import GroupRow
from tests.support.demonstration import house
from webadmin.dial_groups import service
from webadmin.editing.changes import Stale, fingerprint

ROWS = house()


def test_the_fallback_goes_to_every_button_of_the_group() -> None:
    button = next(button for button in ROWS.buttons if button.group)
    group = next(group for group in ROWS.groups if group.id == button.group)
    other = next(each.id for each in ROWS.groups if each.id != group.id)
    version = fingerprint(service.state(ROWS, group.id))
    rows = service.save_group(group, version, other)(ROWS)
    assert service.fallback_of(rows, group.id) == other
    assert service.save_group(group, version, service.AS_IT_IS)(ROWS) == ROWS
    with pytest.raises(Stale):
        service.save_group(group, version, "")(rows)


def test_new_and_gone() -> None:
    rows = service.add_group(GroupRow("", "Ny gruppe", ()))(ROWS)
    assert rows.groups[-1].id == "ny-gruppe"
    assert service.remove_group("ny-gruppe")(rows) == ROWS
    with pytest.raises(Stale):
        service.remove_group("gone")(ROWS)

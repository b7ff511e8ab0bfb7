"""Edits of schedules, as functions."""

from __future__ import annotations

import pytest

from dialplan.rows import CalendarRow, ScheduleRow
from tests.support.demonstration import house
from webadmin.editing.changes import Stale, fingerprint
from webadmin.schedules.service import remove, save


def test_new_changed_and_gone() -> None:
    rows = save("calendars", CalendarRow("", "Jul"), "")(house())
    rows = save("schedules", ScheduleRow("", "Natt"), "")(rows)
    night = rows.schedules[-1]
    assert night.id == "natt" and rows.calendars[-1].id == "jul"
    with pytest.raises(Stale):
        save("schedules", night, fingerprint("other"))(rows)
    assert save("schedules", night, fingerprint(night))(rows) == rows
    assert remove("schedules", "natt")(rows).schedules == house().schedules

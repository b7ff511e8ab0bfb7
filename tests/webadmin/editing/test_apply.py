"""A change touches little and leaves what an import of the whole site would leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from dialplan.rows import (
    BuildingRow,
    CalendarRow,
    DoorRow,
    ExceptionRow,
    HoursRow,
    KeyRow,
    PeriodRow,
    RuleRow,
    ScheduleRow,
    SiteRows,
    ThenRow,
    UnitRow,
)
from tests.webadmin.conftest import AT
from webadmin.db import db, writing
from webadmin.doors.service import add_door, remove_door
from webadmin.editing.changes import Edit, change, undo
from webadmin.editing.difference import with_row, without_row
from webadmin.models import Device, Panel, Site
from webadmin.panels.service import add_box, remove_box
from webadmin.people.service import move_out, remove_device
from webadmin.publishing.publish import publish
from webadmin.publishing.rows import site_rows

NIGHT = ScheduleRow(
    "night",
    "Night",
    (PeriodRow("22:00", "06:00"), PeriodRow("12:00", "13:00", ("mon",))),
    ("days",),
    (HoursRow("10:00", "11:00"),),
    (ExceptionRow(date(2026, 12, 24), None, (HoursRow("09:00", "10:00"),)), ExceptionRow(date(2026, 12, 31))),
)


def edits(rows: SiteRows) -> Iterator[Edit]:
    """Changes of every table, each on the outcome of the one before: new, different, gone."""
    yield lambda rows: with_row(rows, "calendars", CalendarRow("days", "Days", (date(2026, 5, 17),), True))
    yield lambda rows: with_row(rows, "schedules", NIGHT)
    yield lambda rows: with_row(rows, "schedules", replace(NIGHT, periods=NIGHT.periods[:1], exceptions=()))
    yield lambda rows: with_row(rows, "buildings", BuildingRow("annex", "Annex"))
    yield lambda rows: with_row(rows, "units", UnitRow("loft", "annex", "Loft"))
    yield lambda rows: with_row(rows, "people", replace(rows.people[0], unit="loft", alias="X"))
    yield add_box("controller", "Kjeller", "annex")
    yield add_box("panel", "Bak", "annex")
    door = DoorRow("", "Gate", "annex", "kjeller", "gate", hold="night")
    yield add_door(replace(door, then=(ThenRow("front", 2), ThenRow("back", 3))), ["bak", "entrance"], True)
    yield lambda rows: with_row(rows, "doors", replace(_row(rows, "gate"), interlock=("back",), then=()))
    yield lambda rows: replace(
        rows,
        panels=tuple(
            replace(panel, keys=(*panel.keys, KeyRow("9", "gate")), talk_seconds=90) for panel in rows.panels
        ),
    )
    yield lambda rows: with_row(
        rows, "buttons", replace(rows.buttons[0], building="", panels=("entrance", "bak"))
    )
    yield lambda rows: with_row(rows, "rules", RuleRow("r9", ("gate",), people=("kari",), during="night"))
    yield lambda rows: with_row(rows, "devices", replace(rows.devices[0], name="Renamed"))
    yield lambda rows: with_row(
        rows, "devices", replace(next(each for each in rows.devices if each.id == "entrance"), name="Front")
    )
    yield lambda rows: with_row(
        rows, "groups", replace(rows.groups[0], members=tuple(reversed(rows.groups[0].members)))
    )
    yield remove_door("gate")
    yield remove_box("bak")
    yield remove_device(rows.devices[0].id)
    yield move_out("kari")
    yield lambda rows: without_row(rows, "rules", "r9")


def _row(rows: SiteRows, door: str) -> DoorRow:
    return next(each for each in rows.doors if each.id == door)


def saved() -> SiteRows:
    db.session.rollback()
    return site_rows(db.session(), db.session.get_one(Site, 1))


def test_the_tables_hold_what_each_change_made(published: Flask) -> None:
    before, changes = saved(), []
    for number, edit in enumerate(edits(before)):
        rows = saved()
        expected = edit(rows)
        assert isinstance(compile_plan(expected), DialPlan), (number, compile_plan(expected))
        done = change(1, edit, who="x", account_id=None, note="x", at=AT)
        assert saved() == expected, number
        changes += [done.change_id] * bool(done.change_id)
    with writing() as session:
        again = publish(session, session.get_one(Site, 1), author="x", note="x", at=AT)
        assert not again.changed, "the digest is that of a publication of the whole site"
        boxes = select(Device.ref).join(Panel, Panel.device_id == Device.id).where(Device.site_id == 1)
        assert list(session.scalars(boxes)) == ["entrance"]
    for each in reversed(changes):
        undo(each, who="x", account_id=None, at=AT)
    assert {person.id for person in saved().people} == {person.id for person in before.people}


@pytest.mark.parametrize("many", [1, 600])
def test_many_rows_at_once(published: Flask, many: int) -> None:
    def more(rows: SiteRows) -> SiteRows:
        units = tuple(UnitRow(f"x{n}", rows.buildings[0].id, f"X {n}") for n in range(many))
        return replace(rows, units=(*rows.units, *units))

    def fewer(rows: SiteRows) -> SiteRows:
        return replace(rows, units=tuple(unit for unit in rows.units if not unit.id.startswith("x")))

    before = saved()
    change(1, more, who="x", account_id=None, note="x", at=AT)
    assert saved() == more(before)
    change(1, fewer, who="x", account_id=None, note="x", at=AT)
    assert saved() == before

"""Changes of schedules and calendars as pure functions of a site's rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from dialplan.rows import CalendarRow, ScheduleRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one

Table = Literal["schedules", "calendars"]


def save(table: Table, row: ScheduleRow | CalendarRow, version: str) -> Edit:
    """A new one (id ""), or one changed unless somebody else did meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        if not row.id:
            made: Any = replace(row, id=new_id(rows, table, row.name))
            return with_row(rows, table, made)
        expect(one(rows, table, row.id), version)
        return with_row(rows, table, row)

    return edit


def remove(table: Table, key: str) -> Edit:
    """Take one away; what follows it makes the compiler say so."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, table, key)
        return without_row(rows, table, key)

    return edit

"""The difference between two states of a site: which rows came, went or changed; and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dialplan.codec import rows_from, rows_to
from dialplan.rows import SiteRows

TABLES = (
    *("buildings", "units", "people", "devices", "doors", "panels", "groups", "buttons"),
    *("schedules", "calendars", "rules", "telephony"),
)
Difference = dict[str, dict[str, list[Any]]]
"""Table, id, [row before, row after]; None where there was or is none. Rows as in `dialplan.codec`."""


def between(before: SiteRows, after: SiteRows) -> Difference:
    """What changed. The order of rows within a table is no difference."""
    found: Difference = {}
    for table in TABLES:
        if getattr(before, table) == getattr(after, table):
            continue
        was, now = _rows_by_id(before, table), _rows_by_id(after, table)
        for key in was.keys() | now.keys():
            old, new = was.get(key), now.get(key)
            if old != new:
                found.setdefault(table, {})[key] = [each and rows_to(each) for each in (old, new)]
    return found


def taken_back(rows: SiteRows, difference: Difference) -> SiteRows | None:
    """`rows` with every row of the difference as it was before; None if one was changed again since."""
    now = rows_to(rows)
    for table, items in difference.items():
        found = _by_id(now, table)
        for key, (before, after) in items.items():
            if found.get(key) != after:
                return None
            if before is None:
                del found[key]
            else:
                found[key] = before
        now[table] = list(found.values())
    back = rows_from(now)
    return back if isinstance(back, SiteRows) else None


def _by_id(rows: dict[str, Any], table: str) -> dict[str, Any]:
    return {str(row.get("id", row.get("device"))): row for row in rows.get(table, ())}


def _rows_by_id(rows: SiteRows, table: str) -> dict[str, Any]:
    return {getattr(row, "id", None) or row.device: row for row in getattr(rows, table)}


def with_row(rows: SiteRows, table: str, row: Any) -> SiteRows:
    """`rows` with `row` in place of the one with its id, or added at the end."""
    return with_rows(rows, table, (row,))


def with_rows(rows: SiteRows, table: str, changed: Iterable[Any]) -> SiteRows:
    """`rows` with each of `changed` in place of the one with its id, or added at the end."""
    fresh = {row.id: row for row in changed}
    kept = [fresh.pop(item.id, item) for item in getattr(rows, table)]
    values: dict[str, Any] = {table: (*kept, *fresh.values())}
    return replace(rows, **values)


def without_row(rows: SiteRows, table: str, key: str) -> SiteRows:
    """`rows` without the one with this id."""
    values: dict[str, Any] = {table: tuple(item for item in getattr(rows, table) if item.id != key)}
    return replace(rows, **values)

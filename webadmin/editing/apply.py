"""Brings a site's tables to its rows after a change by touching only what changed.

The outcome is that of an import of the whole site, at a price that does not grow with the site.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dialplan.rows import SiteRows
from webadmin.models import (
    AccessRule,
    Building,
    Button,
    Calendar,
    Device,
    DialGroup,
    Door,
    Person,
    Schedule,
    Telephony,
    Unit,
)
from webadmin.site_file.importer import Import
from webadmin.site_file.parts import OWNERS, add_lines, boxes
from webadmin.site_file.reader import SiteFile

MANY = 500
"""So many rows are not named one by one in a query."""

TABLES: Mapping[Any, str] = {
    **{Calendar: "calendars", Schedule: "schedules", Building: "buildings", Unit: "units"},
    **{Person: "people", Device: "devices", DialGroup: "groups", Door: "doors", Button: "buttons"},
    **{AccessRule: "rules", Telephony: "telephony"},
}
PARTS_OF = {**TABLES, Device: "panels"}
"""Whose parts change with rows of which table; a device's are its panel's doors and digits."""


def apply_change(
    session: Session, site_id: int, declared: SiteFile, changed: Mapping[str, Collection[str]]
) -> None:
    """Bring the tables to `declared.rows`, which differ from them in `changed` (ids by table) alone."""
    _Change(session, site_id, changed).run(declared)
    session.flush()


class _Change(Import):
    def __init__(self, session: Session, site_id: int, changed: Mapping[str, Collection[str]]) -> None:
        super().__init__(session, site_id)
        self._changed = changed

    def _drop_parts(self) -> None:
        """Those of changed things; what a controller or panel is stays, since buttons hang on it."""
        for column, owner in OWNERS:
            refs = self._changed.get(PARTS_OF[owner], ())
            if not refs or column.class_.__tablename__ in ("panel", "controller"):
                continue
            owned = select(owner.id).where(owner.site_id == self._site_id, *_within(owner.ref, refs))
            session_delete = delete(column.class_).where(column.in_(owned))
            self._session.execute(session_delete.execution_options(synchronize_session=False))

    def _add_parts(self, rows: SiteRows) -> None:
        """Those of changed things."""
        values: dict[str, Any] = {
            table: tuple(row for row in getattr(rows, table) if _id(row) in self._changed.get(table, ()))
            for table in set(PARTS_OF.values()) | {"devices"}
        }
        part = replace(rows, **values)
        for box in boxes(part, self._ids):
            self._session.merge(box)
        self._session.flush()
        add_lines(self._session, part, self._ids)

    def _bring(self, model: Any, rows: Iterable[Any], values: Callable[[Any], dict[str, Any]]) -> None:
        own = model.site_id == self._site_id
        known = self._session.execute(select(model.ref, model.id).where(own))
        ids: dict[str, int] = {ref: key for ref, key in known}
        self._ids[model.__tablename__] = ids
        changed = self._changed.get(TABLES[model], ())
        if not changed:
            return
        found = self._session.scalars(select(model).where(own, *_within(model.ref, changed)))
        existing = {item.ref: item for item in found if item.ref in changed}
        last = self._session.scalar(select(func.max(model.position)).where(own))
        next_one = 0 if last is None else last + 1
        present = []
        for row in rows:
            if row.id not in changed:
                continue
            item = existing.pop(row.id, None)
            if item is None:
                item = model(site_id=self._site_id, ref=row.id, position=next_one)
                next_one += 1
                self._session.add(item)
            for name, value in values(row).items():
                setattr(item, name, value)
            present.append(item)
        self._session.flush()
        self._gone.extend(existing.values())
        ids |= {item.ref: item.id for item in present}


def _within(column: Any, refs: Collection[str]) -> tuple[Any, ...]:
    return (column.in_(sorted(refs)),) if len(refs) <= MANY else ()


def _id(row: Any) -> str:
    return str(getattr(row, "id", None) or row.device)

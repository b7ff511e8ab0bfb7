"""Finds things by name in every site within reach."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import or_, select

from webadmin.db import db
from webadmin.models import Button, DialGroup, Door, Person, Site, Unit

MOST = 20
TABLES: tuple[tuple[Any, str, str, tuple[str, ...]], ...] = (
    (Person, "people.show", "People", ("name", "alias", "number")),
    (Unit, "units.show", "Units", ("name", "ref")),
    (DialGroup, "dial_groups.edit", "Dial groups", ("name",)),
    (Button, "buttons.show", "Buttons", ("label", "user", "number")),
    (Door, "doors.show", "Doors", ("name",)),
)


class Hit(NamedTuple):
    """Something found; `endpoint` shows it."""

    endpoint: str
    key: int
    kind: str
    name: str
    site: str


def find(words: str) -> list[Hit]:
    """At most 20 of each kind; every word must be in one of the columns."""
    if not words:
        return []
    hits = []
    for table, endpoint, kind, columns in TABLES:
        query = select(table, Site.name).join(Site, Site.id == table.site_id).order_by(table.id).limit(MOST)
        for word in words.split():
            pattern = "%" + word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
            fields = (getattr(table, column).ilike(pattern, escape="\\") for column in columns)
            query = query.where(or_(*fields))
        for row, site in db.session.execute(query):
            name = next((text for text in (getattr(row, column) for column in columns) if text), row.ref)
            hits.append(Hit(endpoint, row.id, kind, name, site))
    return hits

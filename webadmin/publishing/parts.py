"""Reads parts of a site's things in one query a table, grouped by the thing they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webadmin.models import Building, Device, DialGroup, Door, Person, Schedule, Site, Unit

Value = TypeVar("Value")
RefOf = Callable[[str, int | None], str]
"""The ref of a row by its table and key; "" for None."""


def refs(session: Session, site: Site) -> RefOf:
    """Refs of everything in a site that something may refer to, so that a reference costs no query."""
    tables: tuple[Any, ...] = (Building, Unit, Person, Device, Door, DialGroup, Schedule)
    names: dict[str, dict[int, str]] = {
        table.__tablename__: dict(
            session.execute(select(table.id, table.ref).where(table.site_id == site.id)).all()
        )
        for table in tables
    }
    return lambda table, key: names[table][key] if key is not None else ""


def parts(
    session: Session,
    site: Site,
    column: InstrumentedAttribute[int],
    owner: Any,
    value: Callable[[Any], Value],
) -> defaultdict[int, tuple[Value, ...]]:
    """What `value` makes of each row, by the owner's key and in order of `position`.

    Args:
        column: of the parts' table, refers to the owner.
        owner: the model of the owners.
    """
    table: Any = column.class_
    owned = column.in_(select(owner.id).where(owner.site_id == site.id))
    query = select(table).where(owned).order_by(column, table.position)
    found: defaultdict[int, list[Value]] = defaultdict(list)
    for row in session.scalars(query):
        found[getattr(row, column.key)].append(value(row))
    return defaultdict(tuple, {key: tuple(values) for key, values in found.items()})

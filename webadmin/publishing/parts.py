"""Reads parts of a site's things in one query a table, grouped by the thing they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webadmin.models import Building, Device, DialGroup, Door, Person, Schedule, Site, Unit

Value = TypeVar("Value")
RefOf = Callable[[str, int | None], str]
"""The ref of a row by its table and key; "" for None."""


@cache
def columns_of(table: Any) -> tuple[Any, ...]:
    """The columns of a model, to read rows without making objects that nobody changes; the wall holds."""
    return tuple(getattr(table, column.key) for column in inspect(table).column_attrs)


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
    query = select(*columns_of(table)).where(owned).order_by(column, table.position)
    found: defaultdict[int, list[Value]] = defaultdict(list)
    for row in session.execute(query):
        found[getattr(row, column.key)].append(value(row))
    return defaultdict(tuple, {key: tuple(values) for key, values in found.items()})

"""Every table: sizes, ids, names, and references that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from dialplan.checks.text import check_id, check_known, check_name, check_twice
from dialplan.errors import PlanError
from dialplan.limits import PARTS, ROWS
from dialplan.rows import SiteRows

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

_NAMED = ("buildings", "units", "people", "doors", "groups", "schedules", "calendars")
_KINDS = {
    "buildings": "building",
    "units": "unit",
    "people": "person",
    "devices": "device",
    "doors": "door",
    "panels": "panel",
    "groups": "group",
    "schedules": "schedule",
    "calendars": "calendar",
}
_NEEDED = (
    ("units", "building", "buildings"),
    ("doors", "building", "buildings"),
    ("doors", "controller", "devices"),
    ("panels", "device", "devices"),
)
_OPTIONAL = (
    ("people", "unit", "units"),
    ("devices", "person", "people"),
    ("devices", "unit", "units"),
    ("devices", "building", "buildings"),
    ("buttons", "person", "people"),
    ("buttons", "group", "groups"),
    ("buttons", "building", "buildings"),
    ("buttons", "fallback", "groups"),
    ("doors", "hold", "schedules"),
    ("rules", "during", "schedules"),
    ("rules", "outside", "schedules"),
)
_LISTS = (
    ("doors", "interlock", "doors"),
    ("panels", "doors", "doors"),
    ("buttons", "panels", "panels"),
    ("schedules", "calendars", "calendars"),
    ("rules", "doors", "doors"),
    ("rules", "people", "people"),
    ("rules", "units", "units"),
    ("rules", "buildings", "buildings"),
)


def ids_of(rows: SiteRows, table: str) -> list[str]:
    """The ids of a table, in order; a panel's is its device's."""
    return [row.device if table == "panels" else row.id for row in getattr(rows, table)]


def site(rows: SiteRows) -> Iterator[PlanError]:
    """The site's own fields."""
    if _DOMAIN.fullmatch(rows.domain) is None:
        hint = "write it like house.example.org, in lower case"
        yield PlanError("site/domain", "this is no domain name", hint, "domain")
    yield from check_name("site/organisation", rows.organisation)
    if _LANGUAGE.fullmatch(rows.language) is None:
        hint = 'write it like "nb" or "en"'
        yield PlanError("site/language", "this is no language tag", hint, "language")
    if rows.revision < 0:
        yield PlanError("site/revision", "the revision is negative", "count from 1", "revision")


def sizes(rows: SiteRows) -> Iterator[PlanError]:
    """No table, and no list in a row, is larger than its limit."""
    for table, limit in ROWS.items():
        yield from _size(table, len(getattr(rows, table)), limit)
        for id_, row in zip(ids_of(rows, table), getattr(rows, table), strict=True):
            yield from _sizes_in(f"{table}/{id_}", row)


def ids(rows: SiteRows) -> Iterator[PlanError]:
    """Ids are well formed, and unique within their table."""
    for table in ROWS:
        seen: set[str] = set()
        for index, id_ in enumerate(ids_of(rows, table)):
            yield from check_id(f"{table}/{index}/id", id_)
            if id_ in seen:
                message = f"the id {id_[:64]!r} is used twice"
                yield PlanError(f"{table}/{index}/id", message, "use another id", "id_twice", (id_[:64],))
            seen.add(id_)


def names(rows: SiteRows) -> Iterator[PlanError]:
    """Names can be shown."""
    for table in _NAMED:
        for row in getattr(rows, table):
            yield from check_name(f"{table}/{row.id}/name", row.name)
    for person in rows.people:
        yield from check_name(f"people/{person.id}/alias", person.alias, needed=False)
    for device in rows.devices:
        yield from check_name(f"devices/{device.id}/name", device.name, needed=False)
    for button in rows.buttons:
        yield from check_name(f"buttons/{button.id}/label", button.label, needed=False)


def references(rows: SiteRows) -> Iterator[PlanError]:
    """Every id that a row names exists, in the right table, and once in a list."""
    known = {table: frozenset(ids_of(rows, table)) for table in _KINDS}
    for table, field, to in _NEEDED + _OPTIONAL:
        needed = (table, field, to) in _NEEDED
        for id_, row in zip(ids_of(rows, table), getattr(rows, table), strict=True):
            if needed or getattr(row, field):
                yield from check_known(f"{table}/{id_}/{field}", getattr(row, field), known[to], _KINDS[to])
    for table, field, to in _LISTS:
        for id_, row in zip(ids_of(rows, table), getattr(rows, table), strict=True):
            yield from _list(f"{table}/{id_}/{field}", getattr(row, field) or (), known[to], _KINDS[to])


def _list(where: str, named: Iterable[str], known: frozenset[str], kind: str) -> Iterator[PlanError]:
    for each in named:
        yield from check_known(where, each, known, kind)
    yield from check_twice(where, named, kind)


def _sizes_in(where: str, row: Any) -> Iterator[PlanError]:
    kind: Any = type(row)
    for field in _lists_of(kind):
        value = getattr(row, field) or ()
        yield from _size(f"{where}/{field}", len(value), PARTS[field])
        if field == "exceptions":
            for index, part in enumerate(value):
                yield from _size(f"{where}/exceptions/{index}/hours", len(part.hours), PARTS["hours"])


@cache
def _lists_of(row: Any) -> tuple[str, ...]:
    """The fields of a kind of row that have a limit on their length."""
    hints = {field.name: str(field.type) for field in fields(row)}
    return tuple(name for name in hints if hints[name].startswith("tuple["))


def _size(where: str, count: int, limit: int) -> Iterator[PlanError]:
    if count > limit:
        yield PlanError(
            where, f"there are {count} entries", f"keep it to {limit}", "too_many", (count, limit)
        )

"""Rows from and to plain values, as JSON and TOML know them: read by the types that the rows declare.

Text, whole numbers, booleans, lists and tables are themselves; dates and moments are ISO 8601 text or, from
TOML, dates and moments. A missing field takes its default; an unknown one is an error, as it is likely a
slip.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from dialplan.errors import PlanError
from dialplan.limits import ERRORS
from dialplan.rows import SiteRows

TEXT_LENGTH = 256
"""No text in a row is longer."""
LARGEST = 10**9
"""No number in a row is larger."""
_PLAIN = frozenset({str, int, bool, float, type(None)})

_Errors = list[PlanError]
_Reader = Callable[[str, object, _Errors], Any]


def rows_from(data: object) -> SiteRows | list[PlanError]:
    """A site's rows out of nested tables and lists, or everything that cannot be read in them."""
    errors: _Errors = []
    rows: SiteRows = _reader(SiteRows)("", data, errors)
    return errors[:ERRORS] or rows


def rows_to(value: object) -> Any:
    """Rows, or any value in them, as text, numbers, booleans, None, lists and dicts; fields in their
    order."""
    kind: type = value.__class__
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [rows_to(each) for each in value]  # type: ignore[attr-defined]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        plain = {}
        for name in _names(kind):  # most fields are plain: a call for each would cost most of the time
            each = getattr(value, name)
            plain[name] = each if each.__class__ in _PLAIN else rows_to(each)
        return plain
    return value


@cache
def _names(row: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row))


@cache
def _reader(wanted: Any) -> _Reader:
    """How to read one type; a reader reports to its list and then returns something of no use."""
    if wanted in _SIMPLE:
        return _SIMPLE[wanted]
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return _choice(parts)
    if origin is tuple:
        return _list(_reader(parts[0]))
    if origin is types.UnionType:
        return _optional(_reader(parts[0]))
    return _row(wanted)


def _row(wanted: type) -> _Reader:
    hints = get_type_hints(wanted)
    readers = {field.name: _reader(hints[field.name]) for field in fields(wanted)}
    needed = [field.name for field in fields(wanted) if field.default is MISSING]

    def read(where: str, value: object, errors: _Errors) -> object:
        if not isinstance(value, Mapping):
            errors.append(PlanError(where or "site", "this is no table", "write fields with their values"))
            return None
        here = _place(where, value)
        for name in needed:
            if name not in value:
                errors.append(PlanError(_below(here, name), f"{name} is missing", f"write {name}"))
        known: dict[str, Any] = {}
        for name, each in value.items():
            if name in readers:
                known[name] = readers[name](_below(here, name, each), each, errors)
            else:
                place, hint = _below(here, str(name)[:TEXT_LENGTH]), f"choose among {', '.join(readers)}"
                errors.append(PlanError(place, "there is no such field", hint))
        return None if errors else wanted(**known)

    return read


def _list(read_part: _Reader) -> _Reader:
    def read(where: str, value: object, errors: _Errors) -> object:
        if not isinstance(value, list | tuple):
            errors.append(PlanError(where, "this is no list", "write a list, in brackets"))
            return ()
        return tuple(read_part(f"{where}/{index}", each, errors) for index, each in enumerate(value))

    return read


def _optional(read_value: _Reader) -> _Reader:
    def read(where: str, value: object, errors: _Errors) -> object:
        return None if value is None else read_value(where, value, errors)

    return read


def _choice(choices: tuple[str, ...]) -> _Reader:
    def read(where: str, value: object, errors: _Errors) -> object:
        if not isinstance(value, str) or value not in choices:
            hint = f"choose among {', '.join(choices)}"
            errors.append(PlanError(where, "this is none of the choices", hint))
        return value

    return read


def _text(where: str, value: object, errors: _Errors) -> object:
    if not isinstance(value, str):
        errors.append(PlanError(where, "this is no text", 'write text, in "quotation marks"'))
    elif len(value) > TEXT_LENGTH:
        errors.append(PlanError(where, "the text is too long", f"use at most {TEXT_LENGTH} characters"))
    return value


def _integer(where: str, value: object, errors: _Errors) -> object:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST:
        errors.append(PlanError(where, "this is no whole number", "write a number such as 25"))
    return value


def _flag(where: str, value: object, errors: _Errors) -> object:
    if not isinstance(value, bool):
        errors.append(PlanError(where, "this is neither yes nor no", "write true or false"))
    return value


def _day(where: str, value: object, errors: _Errors) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        errors.append(PlanError(where, "this is no date", "write it like 2026-12-24"))
        return None


def _pause(where: str, value: object, errors: _Errors) -> object:
    if isinstance(value, bool | datetime):
        return value
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        hint = "write true, false, or a moment like 2026-12-24T18:00:00+01:00"
        errors.append(PlanError(where, "this is no moment", hint))
        return None


def _place(where: str, row: Mapping[Any, Any]) -> str:
    """The place of a row by its id instead of its index, if it has one that can be read."""
    id_ = row.get("id", row.get("device"))
    if not where or "/" in where.partition("/")[2] or not isinstance(id_, str) or not id_:
        return where
    return f"{where.partition('/')[0]}/{id_[:TEXT_LENGTH]}"


def _below(where: str, name: str, value: object = None) -> str:
    if where:
        return f"{where}/{name}"
    return name if isinstance(value, list | tuple) else f"site/{name}"


_SIMPLE: dict[Any, _Reader] = {
    str: _text,
    int: _integer,
    bool: _flag,
    date: _day,
    bool | datetime: _pause,
}

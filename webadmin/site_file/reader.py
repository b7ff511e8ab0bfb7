"""Reads a site file: bytes in, a declared site out, or every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dialplan.errors import PlanError
from dialplan.rows import SiteRows
from webadmin.site_file.errors import Fault, Path, SiteFileError, place_text
from webadmin.site_file.lines import find_lines, line_of
from webadmin.site_file.rows import site_rows
from webadmin.site_file.shapes import FileShape, LogIn

SIZE_LIMIT = 8 * 1024 * 1024
FAULTS_LIMIT = 50


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A declared site.

    Attributes:
        rows: everything the plan is compiled from.
        organisation_name, site_name, algorithm: what the plan does not need.
        legacy: ids of devices whose digest may lack qop.
        lines: where each key stands, for faults found later.
    """

    rows: SiteRows
    organisation_name: str
    site_name: str
    algorithm: str
    legacy: frozenset[str]
    lines: Mapping[Path, int]


def read(content: bytes) -> SiteFile:
    """Read a site file.

    Raises:
        SiteFileError: it is no TOML, or not of the format; at most 50 faults are named.
    """
    if len(content) > SIZE_LIMIT:
        raise SiteFileError([Fault(None, "", f"the file is larger than {SIZE_LIMIT // 1024 // 1024} MiB")])
    text = _decode(content)
    raw = _parse(text)
    lines = find_lines(text)
    try:
        shape = FileShape.model_validate(raw)
    except ValidationError as fault:
        raise SiteFileError(
            _faults(fault.errors(include_url=False, include_input=False), raw, lines)
        ) from None
    _refuse_shared_ids(shape, lines)
    tables: tuple[Mapping[str, LogIn], ...] = (shape.devices, shape.panels, shape.controllers)
    legacy = frozenset(device for table in tables for device, item in table.items() if item.legacy)
    rows = site_rows(shape)
    return SiteFile(rows, shape.organisation.name, shape.site.name, shape.site.algorithm, legacy, lines)


def _refuse_shared_ids(shape: FileShape, lines: dict[Path, int]) -> None:
    """Panels and controllers are devices: they share one room of ids."""
    twice = [
        Fault(line_of(lines, (table, device)), f"{table}.{device}", "another device has this id already")
        for table, others in (
            ("panels", shape.devices.keys()),
            ("controllers", shape.devices.keys() | shape.panels.keys()),
        )
        for device in getattr(shape, table)
        if device in others
    ]
    if twice:
        raise SiteFileError(twice)


def plan_faults(errors: list[PlanError], lines: Mapping[Path, int]) -> list[Fault]:
    """What the compiler found, at the lines of the file."""
    faults = []
    for error in errors[:FAULTS_LIMIT]:
        best = max(_places(error.where), key=lambda place: _known_depth(place, lines))
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        faults.append(Fault(line_of(dict(lines), best), place_text(best), message))
    return faults


def _places(where: str) -> list[Path]:
    """Where in a file that which the compiler calls `where` may stand, by the differences of the two."""
    path: Path = tuple(where.split("/"))
    if path[0] == "devices":
        return [path, ("panels", *path[1:]), ("controllers", *path[1:])]
    if path[0] == "panels" and "keys" in path:
        return [path[:3]]
    if path[0] == "telephony":  # the file has one, without an id
        return [("telephony", *path[2:3])]
    numbered = tuple(
        int(part) if place > 2 and str(part).isdecimal() else part for place, part in enumerate(path)
    )
    return [numbered[:-1] if path[0] == "groups" and path[-1] == "id" else numbered]


def _known_depth(path: Path, lines: Mapping[Path, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return len(path)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise SiteFileError([Fault(line, "", "the file is not UTF-8 text")]) from None


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        message = str(fault)
        found = re.search(r" \(at line (\d+), column \d+\)\Z", message)
        line = int(found[1]) if found else None
        stripped = message[: found.start()] if found else message.replace(" (at end of document)", "")
        raise SiteFileError([Fault(line, "", f"not TOML: {stripped[:200]}")]) from None
    except (RecursionError, ValueError):  # nested without end; a number or date out of all bounds
        raise SiteFileError(
            [Fault(None, "", "not TOML that can be read: nested too deep or a value too big")]
        ) from None


def _faults(errors: list[ErrorDetails], raw: Mapping[str, Any], lines: dict[Path, int]) -> list[Fault]:
    faults = []
    seen = set()
    for error in errors:
        path = _path(error["loc"], raw)
        if path in seen:
            continue
        seen.add(path)
        faults.append(Fault(line_of(lines, path), place_text(path), _message(error, path)))
    faults.sort(key=lambda fault: fault.line or 0)
    if len(faults) > FAULTS_LIMIT:
        more = len(faults) - FAULTS_LIMIT
        faults = [*faults[:FAULTS_LIMIT], Fault(None, "", f"and {more} more faults")]
    return faults


def _path(location: tuple[int | str, ...], raw: Any) -> Path:
    """The way to the fault in the file; pydantic's own words in between ("[key]") are left out."""
    path: list[str | int] = []
    for number, item in enumerate(location):
        if isinstance(raw, dict) and item in raw:
            raw = raw[item]
        elif isinstance(raw, list) and isinstance(item, int) and item < len(raw):
            raw = raw[item]
        elif item == "[key]" or number < len(location) - 1:
            continue
        path.append(item)
    return tuple(path)


_SENTENCES = {
    "missing": "is missing",
    "string_type": 'must be text in quotes, such as "101"',
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "date_type": "must be a date such as 2026-12-24",
    "list_type": "must be a list in [ ]",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "literal_error": "must be one of: {expected}",
}


def _message(error: ErrorDetails, path: Path) -> str:
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path)
    sentence = _SENTENCES.get(kind)
    return sentence.format(**error.get("ctx", {})) if sentence else error["msg"]


def _unknown_key(path: Path) -> str:
    known = _keys_at(path[:-1])
    close = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    if close:
        return f'unknown key; did you mean "{close[0]}"?'
    return f"unknown key; known here: {', '.join(known)}"


def _keys_at(path: Path) -> list[str]:
    """The keys that the format knows for the table at `path`."""
    found: Any = FileShape
    for item in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(item))
            found = field.annotation if field is not None else None
        else:
            found = get_args(found)[-1] if get_args(found) else None
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []

"""Lists of people as CSV: written for a spreadsheet, read back as a difference to be looked at first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from dialplan.numbers import is_e164
from dialplan.rows import PersonRow, SiteRows
from webadmin.editing.changes import Edit
from webadmin.editing.difference import with_rows
from webadmin.people.service import move_in_all, move_out_all

COLUMNS = ("id", "name", "alias", "unit", "number", "telephone")
COLUMNS_FIRST = "The first line must name the columns: id, name, alias, unit, number, telephone."
MOST = 20_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would change. `errors`: (line, sentence, value)."""

    moving_in: tuple[PersonRow, ...]
    changed: tuple[tuple[PersonRow, PersonRow], ...]
    moving_out: tuple[PersonRow, ...]
    errors: tuple[tuple[int, str, str], ...]

    def edit(self) -> Edit:
        """All of it as one change."""

        def run(rows: SiteRows) -> SiteRows:
            rows = move_out_all([person.id for person in self.moving_out])(rows)
            rows = with_rows(rows, "people", [person for _, person in self.changed])
            return move_in_all(self.moving_in, "app", True)(rows)

        return run


def write(people: Iterable[PersonRow]) -> str:
    """People as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow([_harmless(getattr(person, column)) for column in COLUMNS])
    return out.getvalue()


def read(
    text: str, rows: SiteRows, within: frozenset[str], units: frozenset[str], only_units: bool = False
) -> Plan:
    """What `text` would change about the people whose ids are `within`. Who is not in it moves out; a column
    that is not in it stays as it is.

    Args:
        units: those that may be named; another building's looks like one that is not there.
        only_units: everybody must have a unit (the list of somebody who runs single buildings).
    """
    try:
        lines = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), dialect=_dialect(text), strict=True))
    except csv.Error:
        return Plan((), (), (), ((1, "This is no list with commas or semicolons.", ""),))
    known = {person.id: person for person in rows.people if person.id in within}
    errors: list[tuple[int, str, str]] = []
    new, changed = [], []
    seen: set[str] = set()
    if len(lines) > MOST or (lines and "name" not in lines[0]):
        return Plan((), (), (), ((1, COLUMNS_FIRST, ""),))
    there = [column for column in COLUMNS if lines and column in lines[0]]
    for number, line in enumerate(lines, 2):
        values: dict[str, Any] = {"id": "", "unit": ""} | {each: _plain(line.get(each)) for each in there}
        if "telephone" in values:
            values["telephone"] = values["telephone"].replace(" ", "")
        fault = _fault(values, units, known, seen, only_units)
        if fault:
            errors.append((number, *fault))
            continue
        if not values["id"]:
            new.append(PersonRow(**values))
            continue
        seen.add(values["id"])
        before = known[values["id"]]
        after = replace(before, **{each: values[each] for each in there})
        if after != before:
            changed.append((before, after))
    gone = tuple(person for key, person in known.items() if key not in seen) if lines else ()
    return Plan(tuple(new), tuple(changed), gone, tuple(errors[:100]))


def _fault(
    values: dict[str, str],
    units: frozenset[str],
    known: dict[str, PersonRow],
    seen: set[str],
    only_units: bool,
) -> tuple[str, str] | None:
    if not values["name"]:
        return ("There is no name on this line.", "")
    long = next((text for text in values.values() if len(text) > 120 or not text.isprintable()), None)
    if long is not None:
        return ("This is too long, or not one line of ordinary letters: {0}", long[:40])
    if values.get("telephone") and not is_e164(values["telephone"]):
        return ("Write the number like +4722334455.", "")
    if (values["unit"] and values["unit"] not in units) or (only_units and not values["unit"]):
        return ("There is no unit called {0}. Make it first, or correct the list.", values["unit"])
    if values["id"] and values["id"] not in known:
        return ("Nobody has the id {0}. Leave it empty for somebody new.", values["id"])
    if values["id"] in seen:
        return ("The id {0} is in the list twice.", values["id"])
    return None


def _dialect(text: str) -> type[csv.Dialect]:
    class Dialect(csv.excel):
        """As spreadsheets write it here: semicolons where a comma is the decimal mark."""

        delimiter = ";" if text.split("\n", 1)[0].count(";") else ","

    return Dialect


def _plain(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text

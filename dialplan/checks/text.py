"""Checks of single values, shared by the checks of tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from dialplan.errors import PlanError
from dialplan.limits import NAME_LENGTH

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_JOINERS = "\u200c\u200d"  # letters of some scripts need them
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def check_id(where: str, text: str) -> Iterator[PlanError]:
    """An id is what `rows` says it is."""
    if _ID.fullmatch(text) is None:
        hint = "use 1 to 64 letters (a-z), digits, dots, hyphens or underscores, a letter or digit first"
        yield PlanError(where, "this id cannot be used", hint, "id")


def check_name(where: str, text: str, *, needed: bool = True) -> Iterator[PlanError]:
    """A name that panels, apps and logs can show: not empty, not long, nothing invisible."""
    if not text:
        if needed:
            yield PlanError(where, "the name is missing", "write a name", "name_missing")
    elif len(text) > NAME_LENGTH:
        message = f"the name is too long ({len(text)} characters)"
        yield PlanError(where, message, f"use at most {NAME_LENGTH}", "name_long", (NAME_LENGTH,))
    elif not text.isprintable() and any(map(_hidden, text)):
        message = "the name has invisible or control characters"
        yield PlanError(where, message, "type the name anew by hand", "name_hidden")
    elif text.strip() != text:
        hint = "remove that space"
        yield PlanError(where, "the name begins or ends with a space", hint, "name_spaces")


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in _JOINERS


def check_bounds(where: str, value: int, low: int, high: int, what: str) -> Iterator[PlanError]:
    """A number of seconds, or of something else, within bounds."""
    if not low <= value <= high:
        values = (what, value, low, high)
        yield PlanError(where, f"{what} is {value}", f"choose from {low} to {high}", "bounds", values)


def check_known(where: str, id_: str, known: Iterable[str], what: str) -> Iterator[PlanError]:
    """A reference leads somewhere."""
    if id_ not in known:
        values = (what, id_[:NAME_LENGTH])
        message = f"there is no {what} {id_[:NAME_LENGTH]!r}"
        yield PlanError(where, message, f"choose a {what} of this site", "unknown", values)


def check_twice(where: str, ids: Iterable[str], what: str) -> Iterator[PlanError]:
    """Nothing stands in a list twice."""
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            message = f"{what} {id_[:NAME_LENGTH]!r} is listed twice"
            yield PlanError(where, message, "list it once", "twice", (what, id_[:NAME_LENGTH]))
        seen.add(id_)

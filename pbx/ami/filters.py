"""Event filters of one session (action Filter): a safe part of Asterisk's regular expressions.

Asterisk hands a filter to the regex library; here a pattern is text with `.*`, `^`, `$` and `|` only, so that
matching takes a time in proportion to the event, whatever an operator sends. An event passes when no `!`
pattern matches it and, if there are others, one of those does (Asterisk, main/manager.c, should_send_event).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LIMIT = 32
LENGTH = 250

_STRANGE = re.compile(r"(?<!\\)[\[\](){}+?*]|\\[A-Za-z0-9]")


class FilterError(Exception):
    """A filter cannot be taken; `str()` says why."""


class Filters:
    """The filters of a session."""

    __slots__ = ("_excluded", "_wanted")

    def __init__(self) -> None:
        self._wanted: list[tuple[_Alternative, ...]] = []
        self._excluded: list[tuple[_Alternative, ...]] = []

    def add(self, text: str) -> None:
        """Add one; a leading `!` makes it exclude what it matches.

        Raises:
            FilterError: there are too many, or it is not understood.
        """
        if len(self._wanted) + len(self._excluded) >= LIMIT:
            raise FilterError("Too many filters")
        exclude = text.startswith("!")
        pattern = _parse(text.removeprefix("!"))
        (self._excluded if exclude else self._wanted).append(pattern)

    def passes(self, data: bytes) -> bool:
        """Whether an event, as it is sent, is wanted."""
        if not self._wanted and not self._excluded:
            return True
        text = data.decode("utf-8", "replace")
        if any(_matches(pattern, text) for pattern in self._excluded):
            return False
        return not self._wanted or any(_matches(pattern, text) for pattern in self._wanted)


class _Alternative:
    """Pieces of text that follow each other with anything between; tied to the begin or end of the event."""

    __slots__ = ("_at_end", "_at_start", "_pieces")

    def __init__(self, text: str) -> None:
        self._at_start = text.startswith("^")
        self._at_end = text.endswith("$") and not text.endswith("\\$")
        body = text.removeprefix("^")
        body = body[:-1] if self._at_end else body
        self._pieces = [re.sub(r"\\(.)", r"\1", piece) for piece in body.split(".*")]

    def matches(self, text: str) -> bool:
        text = text.rstrip("\r\n")
        first, *rest = self._pieces
        place = 0 if self._at_start else text.find(first)
        if place < 0 or not text.startswith(first, place):
            return False
        place += len(first)
        for number, piece in enumerate(rest, 1):
            if self._at_end and number == len(rest):
                return text.endswith(piece) and len(text) - len(piece) >= place
            place = text.find(piece, place)
            if place < 0:
                return False
            place += len(piece)
        return not self._at_end or bool(rest) or text.endswith(first)


def _parse(text: str) -> tuple[_Alternative, ...]:
    if not text or len(text) > LENGTH:
        raise FilterError("Filter is missing or too long")
    if _STRANGE.search(text.replace(".*", "")):
        raise FilterError("Filter is not understood: text, .*, ^, $ and | only")
    return tuple(_Alternative(part) for part in text.split("|") if part)


def _matches(pattern: Sequence[_Alternative], text: str) -> bool:
    return any(alternative.matches(text) for alternative in pattern)

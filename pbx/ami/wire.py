"""AMI's bytes: `Key: value` lines, an empty line ends a message (Asterisk, main/manager.c)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LINE_LIMIT = 1024
HEADER_LIMIT = 128

Fields = Iterable[tuple[str, str]]

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
_NAME = re.compile(r"[A-Za-z0-9_()-]{1,80}")


class WireError(Exception):
    """The peer broke a limit. `fatal`: the stream cannot be read on and must be closed."""

    def __init__(self, message: str, *, fatal: bool) -> None:
        super().__init__(message)
        self.fatal = fatal


class Action:
    """One message from a client: names are case-insensitive, order is kept, a name may come twice."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Fields) -> None:
        self._fields = [(name.lower(), value) for name, value in fields]

    def get(self, name: str, default: str = "") -> str:
        """The first value of `name`, or `default`."""
        wanted = name.lower()
        return next((value for key, value in self._fields if key == wanted), default)

    def all(self, name: str) -> list[str]:
        """Every value of `name` in order."""
        wanted = name.lower()
        return [value for key, value in self._fields if key == wanted]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    @property
    def name(self) -> str:
        """What is asked, lower case; empty when the message names no action."""
        return self.get("action").lower()

    @property
    def id(self) -> str:
        """The client's ActionID, to be echoed; empty when it sent none."""
        return self.get("actionid")


class Reader:
    """Cuts a client's stream into actions; lines end in CRLF or LF."""

    __slots__ = ("_buffer", "_fields", "_overflown")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._fields: list[tuple[str, str]] = []
        self._overflown = False

    def feed(self, data: bytes) -> Iterator[Action | WireError]:
        """Yield each complete message, or the error that took its place; after a fatal one, stop feeding."""
        self._buffer += data
        start = 0
        while (end := self._buffer.find(b"\n", start)) >= 0:
            line = bytes(self._buffer[start:end]).removesuffix(b"\r")
            start = end + 1
            if len(line) > LINE_LIMIT:
                yield WireError("Line too long", fatal=True)
                return
            if (item := self._line(line)) is not None:
                yield item
        del self._buffer[:start]
        if len(self._buffer) > LINE_LIMIT + 1:
            yield WireError("Line too long", fatal=True)

    def _line(self, line: bytes) -> Action | WireError | None:
        """Take one line; an empty one completes a message."""
        if line:
            if len(self._fields) >= HEADER_LIMIT:
                self._overflown = True
            elif (field := _parse(line)) is not None:
                self._fields.append(field)
            return None
        fields, overflown = self._fields, self._overflown
        self._fields, self._overflown = [], False
        if overflown:
            return WireError("Too many lines in message", fatal=False)
        return Action(fields) if fields else None


def _parse(line: bytes) -> tuple[str, str] | None:
    """A header line; what has no colon means nothing and is passed over, as Asterisk does."""
    name, colon, value = line.decode("utf-8", "replace").partition(":")
    return (name.strip(), value.strip()) if colon else None


def clean(value: object) -> str:
    """`value` as text that cannot end a line: control characters become one space."""
    return _CONTROL.sub(" ", str(value)).strip()


def sendable(name: str) -> bool:
    """Whether `name`, which came from a client, may name a header of ours."""
    return _NAME.fullmatch(name) is not None


def render(fields: Fields) -> bytes:
    """A whole message. Values are cleaned, so what came from a phone cannot begin a header of its own.

    Raises:
        ValueError: a name is not one we may send; names are ours, so that is our bug.
    """
    lines = []
    for name, value in fields:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a header name: {name!r}")
        lines.append(f"{name}: {clean(value)}\r\n")
    return "".join(lines).encode("utf-8", "replace") + b"\r\n"

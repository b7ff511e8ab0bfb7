"""A session description kept line by line, so that what nobody touches is printed as it came (RFC 8866)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from media.errors import SdpError

MAX_BYTES = 32_768
MAX_LINES = 1_000
MAX_LINE = 4_096
MAX_MEDIA = 24

_LINE = re.compile(r"([^\n]*?)(\r\n|\n|\Z)")
_MEDIA = re.compile(r"([\x21-\x7e]+) +(\d{1,5})(?:/(\d{1,5}))? +([\x21-\x7e]+)((?: +[\x21-\x7e]+)*) *")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text without, and then its line ending ("" only at the very end)."""

    text: str
    end: str = "\r\n"

    @property
    def type(self) -> str:
        """The letter before the equals sign; "" for a line that is no SDP line."""
        return self.text[0] if self.text[1:2] == "=" else ""

    @property
    def value(self) -> str:
        return self.text[2:].strip(" \t") if self.text[1:2] == "=" else ""


class Section:
    """The lines of the session part or of one media description, in their order."""

    __slots__ = ("lines",)

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    def every(self, type_: str) -> list[str]:
        """Values of all lines of one type."""
        return [line.value for line in self.lines if line.type == type_]

    def first(self, type_: str) -> str | None:
        """Value of the first line of one type."""
        return next((line.value for line in self.lines if line.type == type_), None)

    def attributes(self) -> Iterator[tuple[str, str]]:
        """(name, value) of every a= line; the value of a flag is ""."""
        for line in self.lines:
            if line.type == "a":
                name, _, value = line.value.partition(":")
                yield name.strip(), value.strip()

    def attribute(self, name: str) -> str | None:
        """Value of the first attribute of that name ("" for a flag), None without one."""
        return next((value for found, value in self.attributes() if found == name), None)


class Media(Section):
    """One media description: its m= line, read, and all its lines."""

    __slots__ = ("count", "formats", "kind", "port", "protocol")

    def __init__(self, lines: list[Line]) -> None:
        super().__init__(lines)
        match = _MEDIA.fullmatch(lines[0].value)
        if match is None:
            raise SdpError("Unreadable m= line")
        kind, port, count, protocol, formats = match.groups()
        self.kind: str = kind.lower()
        self.port = int(port)
        self.count = int(count or 1)
        self.protocol: str = protocol
        self.formats: tuple[str, ...] = tuple(formats.split())
        if self.port > 65_535:
            raise SdpError("Port of an m= line out of range")


class Description:
    """A whole session description.

    `str(parse(data))` and `to_bytes()` give back exactly what was parsed, whatever its line endings were.
    """

    __slots__ = ("media", "session")

    def __init__(self, session: Section, media: list[Media]) -> None:
        self.session = session
        self.media = media

    def __str__(self) -> str:
        sections = [self.session, *self.media]
        return "".join(line.text + line.end for section in sections for line in section.lines)

    def to_bytes(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")


def _split(text: str) -> list[Line]:
    lines = [Line(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
    if len(lines) > MAX_LINES:
        raise SdpError("Too many lines in the session description", 413)
    for line in lines:
        if "\r" in line.text or "\0" in line.text:
            raise SdpError("Control character in the session description")
        if len(line.text) > MAX_LINE:
            raise SdpError("Line too long in the session description", 413)
    return lines


def parse(data: bytes) -> Description:
    """Read a description; tolerant of order, blank lines and unknown lines. Raises SdpError, nothing else."""
    if len(data) > MAX_BYTES:
        raise SdpError("Session description too large", 413)
    lines = _split(data.decode("utf-8", "surrogateescape"))
    if not lines or lines[0].type != "v" or lines[0].value != "0":
        raise SdpError("No session description of version 0")
    starts = [number for number, line in enumerate(lines) if line.type == "m"]
    if len(starts) > MAX_MEDIA:
        raise SdpError("Too many media descriptions", 413)
    ends = [*starts[1:], len(lines)]
    media = [Media(lines[start:end]) for start, end in zip(starts, ends, strict=False)]
    return Description(Section(lines[: starts[0]] if starts else lines), media)

"""What a body is, when a message was made, which event it is about (RFC 3261 sections 20.15 and 20.17, RFC
6665)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from ..errors import MisuseError, PeerError
from ..grammar import LWS, Params, is_token, parse_params, print_params, unquote

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:{'|'.join(_DAYS)}), ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)


class ContentType(NamedTuple):
    """A media type, in lower case, and its parameters."""

    type: str
    params: Params

    @classmethod
    def parse(cls, text: str) -> ContentType:
        """Read a Content-Type value; ``PeerError`` 400."""
        name, semicolon, rest = text.partition(";")
        kind, slash, subtype = name.partition("/")
        kind, subtype = kind.strip(LWS), subtype.strip(LWS)
        if not slash or not is_token(kind) or not is_token(subtype):
            raise PeerError(400, "Bad Content-Type")
        return cls(f"{kind}/{subtype}".lower(), parse_params(semicolon + rest))

    def __str__(self) -> str:
        return self.type + print_params(self.params)

    def param(self, name: str) -> str | None:
        """A parameter without quotes, such as ``boundary`` or ``charset``; ``None`` if absent."""
        value = self.params.get(name)
        return None if value is None else unquote(value)


class Event(NamedTuple):
    """The event package of a SUBSCRIBE or NOTIFY and its id (RFC 6665 section 8.2.1)."""

    package: str
    params: Params

    @classmethod
    def parse(cls, text: str) -> Event:
        """Read an Event value; ``PeerError`` 400."""
        package, semicolon, rest = text.partition(";")
        package = package.strip(LWS)
        if not is_token(package):
            raise PeerError(400, "Bad Event")
        return cls(package, parse_params(semicolon + rest))

    def __str__(self) -> str:
        return self.package + print_params(self.params)


def parse_date(text: str) -> datetime:
    """A SIP date, which is always GMT (RFC 3261 section 20.17), as an aware datetime; ``PeerError`` 400."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise PeerError(400, "Bad Date")
    day, month, year, hour, minute, second = found.groups()
    try:
        # A leap second is written :60, which datetime does not know.
        return datetime(
            int(year),
            _MONTHS.index(month) + 1,
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=UTC,
        )
    except ValueError:
        raise PeerError(400, "Bad Date") from None


def print_date(at: datetime) -> str:
    """The Date value of an aware datetime; names of days and months never follow the locale."""
    if at.tzinfo is None:
        raise MisuseError("a naive datetime has no GMT")
    at = at.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at:%d} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"

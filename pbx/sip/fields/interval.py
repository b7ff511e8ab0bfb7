"""Lengths of time: Expires, Min-Expires, Retry-After (RFC 3261), Session-Expires and Min-SE (RFC 4028)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, Params, number, parse_params, print_params


class SessionExpires(NamedTuple):
    """Seconds after which a session ends unless refreshed, and who refreshes (RFC 4028 section 4)."""

    seconds: int
    refresher: str | None = None

    @classmethod
    def parse(cls, text: str) -> SessionExpires:
        """Read a Session-Expires value; ``PeerError`` 400."""
        first, semicolon, rest = text.partition(";")
        refresher = parse_params(semicolon + rest).get("refresher")
        if refresher is not None and (refresher := refresher.lower()) not in ("uac", "uas"):
            raise PeerError(400, "Bad Session-Expires")
        return cls(number(first.strip(LWS), "Session-Expires"), refresher)

    def __str__(self) -> str:
        return str(self.seconds) if self.refresher is None else f"{self.seconds};refresher={self.refresher}"


def parse_seconds(text: str, what: str) -> int:
    """``delta-seconds`` with trailing parameters ignored: Expires, Min-Expires, Min-SE; ``PeerError`` 400."""
    return number(text.partition(";")[0].strip(LWS), what)


class RetryAfter(NamedTuple):
    """After how many seconds to try again (RFC 3261 section 20.33); a comment is dropped."""

    seconds: int
    params: Params

    @classmethod
    def parse(cls, text: str) -> RetryAfter:
        """Read a Retry-After value; ``PeerError`` 400."""
        first, semicolon, rest = text.partition(";")
        return cls(number(first.partition("(")[0].strip(LWS), "Retry-After"), parse_params(semicolon + rest))

    def __str__(self) -> str:
        return f"{self.seconds}{print_params(self.params)}"

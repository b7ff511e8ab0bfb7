"""Reason: why a request was sent (RFC 3326)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, is_token, number, parse_params, quote, unquote


class Reason(NamedTuple):
    """Why a request is sent (RFC 3326): ``SIP;cause=200;text="Call completed elsewhere"``."""

    protocol: str
    cause: int | None = None
    text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Reason:
        """Read one Reason value; ``PeerError`` 400."""
        protocol, semicolon, rest = text.partition(";")
        protocol = protocol.strip(LWS)
        if not is_token(protocol):
            raise PeerError(400, "Bad Reason")
        params = parse_params(semicolon + rest)
        cause, words = params.get("cause"), params.get("text")
        return cls(
            protocol,
            None if cause is None else number(cause, "Reason"),
            None if words is None else unquote(words),
        )

    def __str__(self) -> str:
        parts = [self.protocol]
        if self.cause is not None:
            parts.append(f"cause={self.cause}")
        if self.text is not None:
            parts.append(f"text={quote(self.text)}")
        return ";".join(parts)

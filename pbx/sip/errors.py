"""The two kinds of failure: the peer is wrong, or we are."""

from __future__ import annotations

from typing import Any


class PeerError(Exception):
    """The peer sent something we must refuse; ends as a final response or a dropped packet.

    ``status`` and ``reason`` are what to answer (RFC 3261 section 21). ``request`` is the message as far as
    it was understood: ``response_to(error.request, error.status, error.reason)`` answers it; ``None`` means
    drop it. ``fatal`` is true when a stream has lost its message boundaries and must be closed.
    """

    def __init__(self, status: int, reason: str, *, request: Any = None, fatal: bool = False) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason
        self.request: Any = request  # a Request or None; not named, as messages stand on errors
        self.fatal = fatal

    def __str__(self) -> str:
        return f"{self.status} {self.reason}"


class MisuseError(Exception):
    """Our own code asked for something that cannot be; a bug, which ends one call and never the process."""

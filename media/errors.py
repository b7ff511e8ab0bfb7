"""What the media room raises."""

from __future__ import annotations


class MediaError(Exception):
    """Anything the media room refuses."""


class SdpError(MediaError):
    """The peer's description is wrong (400) or holds nothing we can carry (488)."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class NoCapacity(MediaError):
    """No media worker has a free pair of ports."""


class MediaMisuse(MediaError):
    """The caller used a session wrongly: an unknown leg, an answer without an offer."""

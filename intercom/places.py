"""Where a device's token may be sent."""

from __future__ import annotations

from urllib.parse import urlsplit


def fit(url: str) -> bool:
    """Whether a token may go there: by HTTPS, or to this machine."""
    try:
        parts = urlsplit(url)
        here = parts.hostname in ("127.0.0.1", "localhost")
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and here)

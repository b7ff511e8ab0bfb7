"""Who may open our WebSocket from a web page: the Origin check (RFC 6455 section 10.2)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def origin_allowed(origin: str | None, public_origins: Iterable[str], native_allowed: bool) -> bool:
    """Whether a client with this Origin header may connect.

    A browser always sends one, and `null` for a page that hides its own: refused. `native_allowed` lets
    clients in that send none at all, which no browser is. Schemes, hosts and ports must be equal; a default
    port may be left out.
    """
    if origin is None:
        return native_allowed
    wanted = _parts(origin)
    return wanted is not None and any(_parts(each) == wanted for each in public_origins)


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no origin (it has a path, a user, or no host)."""
    try:
        split = urlsplit(origin)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or not split.hostname:
        return None
    if split.path or split.query or split.fragment or "@" in split.netloc:
        return None
    return split.scheme, split.hostname, port or _PORTS[split.scheme]

"""Header lines out of what the engine's user hands in, checked before they reach the wire."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import MisuseError
from ..grammar import is_token
from ..headers import Headers
from ..names import KEYS

SDP = "application/sdp"
_SDP_LINE = f"Content-Type: {SDP}"


def checked(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of `pairs`; `MisuseError` for a name that is none or a value with a line end."""
    lines = []
    for name, value in pairs:
        if "\n" in value or "\r" in value or "\0" in value or not (name in KEYS or is_token(name)):
            raise MisuseError(f"no header line: {name!r}")
        lines.append(f"{name}: {value}")
    return lines


def body_lines(body: bytes, content_type: str) -> list[str]:
    """The Content-Type of a body, if there is one."""
    if not body:
        return []
    return [_SDP_LINE] if content_type == SDP else checked([("Content-Type", content_type)])


def names_token(headers: Headers, name: str, token: str) -> bool:
    """Whether a list of option tags or methods holds `token` (given in lower case). Never raises."""
    if name not in headers:
        return False
    return any(part.strip().lower() == token for value in headers.all(name) for part in value.split(","))

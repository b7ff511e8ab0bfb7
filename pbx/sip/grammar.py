"""The pieces of the SIP grammar that several parsers share (RFC 3261 section 25).

Every expression here is linear: one way to match each character, no giving back where it repeats, and tried
at one place. A group repeats inside an atomic group, ``(?>(?:x)*)``, never as ``(?:x)*+``: CPython before
3.11.5 (Debian 12 has 3.11.2) lets the latter eat what did not match (gh-106052).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .errors import MisuseError, PeerError

Params = Mapping[str, str | None]
"""Parameters in order: name in lower case -> text as it came (quotes kept), ``None`` for a bare name."""

TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]++")
QUOTED = re.compile(r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"', re.DOTALL)
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._\-]*+)|\[[0-9A-Fa-f:.]++\]")
_LIST_MARK = re.compile(r'[,"<]')
_PARAM_MARK = re.compile(r'[;"]')
_USUAL_PARAMS = re.compile(
    r"(?>(?:;[A-Za-z0-9\-.!%*_+`'~]++(?:=[A-Za-z0-9\-.!%*_+`'~\[\]:]++)?)+)",
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r'["\\]')
_BARE_VALUE = re.compile(r"[A-Za-z0-9\-.!%*_+`'~\[\]:]++")

LWS = " \t"
MAX_SCALAR = 2**32 - 1


def is_token(text: str) -> bool:
    """Whether ``text`` is one ``token``."""
    return TOKEN.fullmatch(text) is not None


def is_digits(text: str) -> bool:
    """Whether ``text`` is one or more ASCII digits (``str.isdigit`` alone takes other scripts too)."""
    return text.isdigit() and text.isascii()


def number(text: str, what: str, limit: int = MAX_SCALAR) -> int:
    """``1*DIGIT`` up to ``limit``, else ``PeerError`` 400 naming ``what``."""
    if len(text) > 20 or not is_digits(text) or (value := int(text)) > limit:
        raise PeerError(400, f"Bad {what}")
    return value


def skip_quoted(text: str, start: int) -> int:
    """Index after the quoted string that opens at ``start``; ``PeerError`` if it never closes."""
    found = QUOTED.match(text, start)
    if found is None:
        raise PeerError(400, "Unbalanced quotes")
    return found.end()


def split_list(text: str) -> list[str]:
    """Values between commas, stripped; commas in quotes and in ``<>`` part nothing. Blank text is no value
    at all."""
    if "," not in text:
        text = text.strip(LWS)
        return [text] if text else []
    if '"' not in text and "<" not in text:
        return [part.strip(LWS) for part in text.split(",")]
    parts: list[str] = []
    start = pos = 0
    while found := _LIST_MARK.search(text, pos):
        mark, pos = found[0], found.end()
        if mark == '"':
            pos = skip_quoted(text, found.start())
        elif mark == "<":
            pos = text.find(">", pos) + 1
            if not pos:
                raise PeerError(400, "Unbalanced angle brackets")
        else:
            parts.append(text[start : found.start()].strip(LWS))
            start = pos
    parts.append(text[start:].strip(LWS))
    return parts


def split_params(text: str) -> list[str]:
    """Pieces of ``text`` between semicolons that stand outside quotes, unstripped."""
    if '"' not in text:
        return text.split(";")
    parts: list[str] = []
    start = pos = 0
    while found := _PARAM_MARK.search(text, pos):
        pos = found.end()
        if found[0] == '"':
            pos = skip_quoted(text, found.start())
        else:
            parts.append(text[start : found.start()])
            start = pos
    parts.append(text[start:])
    return parts


def parse_params(text: str) -> dict[str, str | None]:
    """``;a=1;b;c="x y"`` into a dict; ``text`` is empty or starts with the semicolon.

    A name that is no token, an empty parameter, a name given twice or a broken value is a ``PeerError`` 400
    (RFC 3261 section 7.3.1: any given parameter name must not appear more than once).
    """
    params: dict[str, str | None] = {}
    if not text:
        return params
    if _USUAL_PARAMS.fullmatch(text):
        pieces = text[1:].split(";")
        for piece in pieces:
            name, equals, value = piece.partition("=")
            params[name.lower()] = value if equals else None
        if len(params) != len(pieces):
            raise PeerError(400, "Bad parameters")
        return params
    return _parse_unusual(text)


def _parse_unusual(text: str) -> dict[str, str | None]:
    """Parameters with blanks or quotes, or bad ones."""
    params: dict[str, str | None] = {}
    pieces = split_params(text)
    if pieces[0].strip(LWS):
        raise PeerError(400, "Bad parameters")
    for piece in pieces[1:]:
        name, equals, raw = piece.partition("=")
        name = name.strip(LWS).lower()
        if name in params or not TOKEN.fullmatch(name):
            raise PeerError(400, "Bad parameters")
        params[name] = _param_value(raw.strip(LWS)) if equals else None
    return params


def _param_value(raw: str) -> str:
    """A token, a host or one quoted string; other visible text is let through, as phones in the field send
    it."""
    if _BARE_VALUE.fullmatch(raw):
        return raw
    if raw[:1] == '"':
        if skip_quoted(raw, 0) != len(raw):
            raise PeerError(400, "Bad parameters")
    elif not raw or any(mark in raw for mark in ' \t",;<>\\'):
        raise PeerError(400, "Bad parameters")
    return raw


def print_params(params: Params) -> str:
    """The reverse of ``parse_params``."""
    return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in params.items())


def unquote(text: str) -> str:
    """The meaning of a token or quoted string: quotes and backslashes taken off."""
    if text[:1] != '"' or len(text) < 2:
        return text
    inner = text[1:-1]
    return _ESCAPED.sub(r"\1", inner) if "\\" in inner else inner


def quote(text: str) -> str:
    """``text`` as a quoted string; ``MisuseError`` if it holds a line end or NUL, which no header can
    carry."""
    if "\r" in text or "\n" in text or "\0" in text:
        raise MisuseError("line end or NUL in a quoted string")
    if '"' in text or "\\" in text:
        text = _TO_ESCAPE.sub(r"\\\g<0>", text)
    return f'"{text}"'

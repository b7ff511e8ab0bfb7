"""SIP and SIPS URIs: parse, print, compare (RFC 3261 section 19.1)."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, unquote

from .errors import PeerError
from .grammar import HOST, Params, is_digits

MAX_URI = 2048
"""Longest URI taken, in characters (RFC 3261 section 21.4.14 answers 414)."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+):")
_USERINFO = re.compile(r"(?>(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/\[\]#{}|^`\x80-\U0010ffff]++|%[0-9A-Fa-f]{2})+)")
_PASSWORD = re.compile(r"(?>(?:[A-Za-z0-9\-_.!~*'()&=+$,]++|%[0-9A-Fa-f]{2})*)")
_PARAM = re.compile(r"(?>(?:[A-Za-z0-9\-_.!~*'()\[\]/:&+$`\x80-\U0010ffff]++|%[0-9A-Fa-f]{2})+)")
_HEADER = re.compile(r"(?>(?:[A-Za-z0-9\-_.!~*'()\[\]/?:+$,;]++|%[0-9A-Fa-f]{2})*)")
_USER_SAFE = "-_.!~*'()&=+$,;?/"
_PASSWORD_SAFE = "-_.!~*'()&=+$,"
_NONE: Params = MappingProxyType({})
_ALWAYS_COMPARED = ("user", "ttl", "method", "maddr", "transport")


def scheme_of(uri: str) -> str:
    """The scheme of any absolute URI in lower case; ``PeerError`` 400 if there is none."""
    found = _SCHEME.match(uri)
    if found is None:
        raise PeerError(400, "Bad URI")
    return found[1].lower()


class SipUri(NamedTuple):
    """A SIP or SIPS URI. ``user`` and ``password`` are unescaped, ``host`` is lower case, names of
    ``params`` too."""

    host: str
    user: str | None = None
    port: int | None = None
    params: Params = _NONE
    headers: tuple[tuple[str, str], ...] = ()
    scheme: str = "sip"
    password: str | None = None

    @classmethod
    def parse(cls, text: str) -> SipUri:
        """``PeerError``: 400 malformed, 414 too long, 416 another scheme (RFC 3261 section 21.4.14)."""
        if len(text) > MAX_URI:
            raise PeerError(414, "URI too long")
        return _parse(text)

    def __str__(self) -> str:
        """The URI with everything escaped that needs it; ``parse`` of it gives an equal value."""
        parts = [self.scheme, ":"]
        if self.user is not None:
            parts.append(_escape(self.user, _USER_SAFE))
            if self.password is not None:
                parts += ":", _escape(self.password, _PASSWORD_SAFE)
            parts.append("@")
        parts.append(self.host)
        if self.port is not None:
            parts.append(f":{self.port}")
        for name, value in self.params.items():
            parts.append(f";{name}" if value is None else f";{name}={value}")
        if self.headers:
            parts += "?", "&".join(f"{name}={value}" for name, value in self.headers)
        return "".join(parts)

    def equal(self, other: SipUri) -> bool:
        """Whether both name the same resource by the rules of RFC 3261 section 19.1.4."""
        if (self.scheme, self.user, self.password, self.host, self.port) != (
            other.scheme,
            other.user,
            other.password,
            other.host,
            other.port,
        ):
            return False
        mine, theirs = self.params, other.params
        for name in mine.keys() & theirs.keys():
            if _fold(mine[name]) != _fold(theirs[name]):
                return False
        if any((name in mine) != (name in theirs) for name in _ALWAYS_COMPARED):
            return False
        return sorted(_folded(self.headers)) == sorted(_folded(other.headers))

    @property
    def aor(self) -> str:
        """``user@host``, the address of record without scheme, port and parameters (RFC 3261 section
        10.3)."""
        return self.host if self.user is None else f"{_escape(self.user, _USER_SAFE)}@{self.host}"

    @property
    def secure(self) -> bool:
        """Whether the scheme is ``sips``."""
        return self.scheme == "sips"

    def param(self, name: str) -> str | None:
        """A parameter unescaped, ``""`` for a bare one, ``None`` if absent."""
        if name not in self.params:
            return None
        return _plain(self.params[name] or "")


@lru_cache(maxsize=1024)
def _parse(text: str) -> SipUri:
    # The same few addresses come again and again; values are immutable, and MAX_URI bounds what is kept.
    scheme, _, rest = text.partition(":")
    if scheme not in ("sip", "sips"):
        scheme = scheme_of(text)
        if scheme not in ("sip", "sips"):
            raise PeerError(416, "Unsupported URI scheme")
    user = password = None
    # An unescaped @ can stand nowhere else in the grammar, so userinfo ends at the first one.
    if "@" in rest:
        userinfo, _, rest = rest.partition("@")
        user, password = _parse_userinfo(userinfo)
    rest, question, header_text = rest.partition("?")
    hostport, *param_texts = rest.split(";")
    host, port = parse_hostport(hostport)
    params = _parse_params(param_texts) if param_texts else _NONE
    headers = _parse_headers(header_text) if question else ()
    return SipUri(host.lower(), user, port, params, headers, scheme, password)


def parse_hostport(text: str) -> tuple[str, int | None]:
    """``host[:port]`` with IPv6 in brackets; ``PeerError`` 400."""
    found = HOST.match(text)
    if found is None:
        raise PeerError(400, "Bad host")
    end = found.end()
    if end == len(text):
        return text, None
    port = text[end + 1 :]
    if text[end] != ":" or not is_digits(port) or len(port) > 5 or not 0 < int(port) < 65536:
        raise PeerError(400, "Bad host or port")
    return text[:end], int(port)


def _parse_userinfo(userinfo: str) -> tuple[str, str | None]:
    name, colon, secret = userinfo.partition(":")
    if not _USERINFO.fullmatch(name) or (colon and not _PASSWORD.fullmatch(secret)):
        raise PeerError(400, "Bad user in URI")
    if "%" in userinfo:
        name = _plain(name)
        secret = _plain(secret)
    return name, secret if colon else None


def _parse_params(texts: list[str]) -> dict[str, str | None]:
    params: dict[str, str | None] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.lower()
        if name in params or not _PARAM.fullmatch(name) or (equals and not _PARAM.fullmatch(value)):
            raise PeerError(400, "Bad parameter in URI")
        params[name] = value if equals else None
    return params


def _parse_headers(text: str) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    for part in text.split("&"):
        name, equals, value = part.partition("=")
        if not name or not equals or not _HEADER.fullmatch(name) or not _HEADER.fullmatch(value):
            raise PeerError(400, "Bad header in URI")
        headers.append((name, value))
    return tuple(headers)


def _plain(text: str) -> str:
    """Without escapes. Bytes that came escaped and bytes that came raw may make one character together."""
    plain = unquote(text, errors="surrogateescape")
    if plain.isascii():
        return plain
    return plain.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _escape(text: str, safe: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    return quote(text, safe=safe, errors="surrogateescape")


def _fold(value: str | None) -> str | None:
    return None if value is None else _plain(value).lower()


def _folded(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(name.lower(), _plain(value)) for name, value in headers]

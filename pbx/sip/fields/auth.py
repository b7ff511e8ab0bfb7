"""Digest challenges and credentials as header values (RFC 3261 section 20.7, RFC 7616 section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, TOKEN, is_token, quote, unquote

_PARAM = re.compile(
    r"[ \t,]*+([A-Za-z0-9\-.!%_+`'~]++)[ \t]*+=[ \t]*+"
    r'("[^"\\]*+(?>(?:\\.[^"\\]*+)*)"|[^ \t,"]*+)[ \t]*+(?=,|$)',
    re.DOTALL,
)


def scheme_of_value(text: str) -> str:
    """The authentication scheme of a header value, in lower case: ``digest``, ``basic`` ..."""
    return text.lstrip(LWS).partition(" ")[0].lower()


def parse_auth_params(text: str) -> dict[str, str]:
    """``Digest a=b, c="d"`` into a dict, quotes taken off; ``PeerError`` 400 unless it is well-formed
    Digest."""
    scheme, _, rest = text.strip(LWS).partition(" ")
    if scheme.lower() != "digest":
        raise PeerError(400, "Not a Digest value")
    params: dict[str, str] = {}
    pos = 0
    while found := _PARAM.match(rest, pos):
        name, value = found[1].lower(), found[2]
        if name in params:
            raise PeerError(400, "Repeated parameter in a Digest value")
        params[name] = unquote(value)
        pos = found.end()
    if rest[pos:].strip(" \t,"):
        raise PeerError(400, "Bad Digest value")
    return params


class Challenge(NamedTuple):
    """What a server asks for; ``qop`` holds the offers in lower case, empty for RFC 2069 digest."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: tuple[str, ...] = ("auth",)
    opaque: str | None = None
    stale: bool = False

    @classmethod
    def parse(cls, text: str) -> Challenge:
        """Read a WWW-Authenticate or Proxy-Authenticate value; a missing ``algorithm`` means MD5;
        ``PeerError`` 400."""
        params = parse_auth_params(text)
        return cls(
            _required(params, "realm"),
            _required(params, "nonce"),
            _algorithm(params),
            tuple(TOKEN.findall(params.get("qop", "").lower())),
            params.get("opaque"),
            params.get("stale", "").lower() == "true",
        )

    def __str__(self) -> str:
        parts = [f"realm={quote(self.realm)}", f"nonce={quote(self.nonce)}", f"algorithm={self.algorithm}"]
        if self.qop:
            parts.append(f'qop="{",".join(self.qop)}"')
        if self.opaque is not None:
            parts.append(f"opaque={quote(self.opaque)}")
        if self.stale:
            parts.append("stale=true")
        return "Digest " + ", ".join(parts)


class Credentials(NamedTuple):
    """A client's answer to a challenge. ``nc`` stays text, as it is hashed as it came."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str = "MD5"
    qop: str | None = None
    nc: str | None = None
    cnonce: str | None = None
    opaque: str | None = None

    @classmethod
    def parse(cls, text: str) -> Credentials:
        """Read an Authorization or Proxy-Authorization value; ``PeerError`` 400.

        With qop, ``nc`` must be eight hex digits and ``cnonce`` be there (RFC 7616 section 3.4).
        """
        params = parse_auth_params(text)
        qop, nc = params.get("qop"), params.get("nc")
        if qop is not None and (not is_token(qop) or not _is_count(nc or "") or "cnonce" not in params):
            raise PeerError(400, "Bad qop, nc or cnonce in a Digest value")
        return cls(
            _required(params, "username"),
            _required(params, "realm"),
            _required(params, "nonce"),
            _required(params, "uri"),
            _required(params, "response"),
            _algorithm(params),
            None if qop is None else qop.lower(),
            None if qop is None else nc,
            params.get("cnonce"),
            params.get("opaque"),
        )

    def __str__(self) -> str:
        parts = [
            f"username={quote(self.username)}",
            f"realm={quote(self.realm)}",
            f"nonce={quote(self.nonce)}",
            f"uri={quote(self.uri)}",
            f"response={quote(self.response)}",
            f"algorithm={self.algorithm}",
        ]
        if self.cnonce is not None:
            parts.append(f"cnonce={quote(self.cnonce)}")
        if self.qop is not None:
            parts += f"qop={self.qop}", f"nc={self.nc}"
        if self.opaque is not None:
            parts.append(f"opaque={quote(self.opaque)}")
        return "Digest " + ", ".join(parts)

    @property
    def uses(self) -> int:
        """The nonce count as a number, 0 without qop."""
        return int(self.nc, 16) if self.nc else 0


def digest_values(values: Iterable[str]) -> list[str]:
    """Those of several header values whose scheme is Digest; others are none of our business (RFC 4475
    3.3.7)."""
    return [value for value in values if scheme_of_value(value) == "digest"]


def _algorithm(params: Mapping[str, str]) -> str:
    """The algorithm; old phones leave it out and mean MD5 (RFC 2617 section 3.2.1)."""
    name = params.get("algorithm") or "MD5"
    if not is_token(name):
        raise PeerError(400, "Bad algorithm in a Digest value")
    return name


def _is_count(nc: str) -> bool:
    return len(nc) == 8 and nc.isascii() and nc.isalnum() and not nc.lower().strip("0123456789abcdef")


def _required(params: Mapping[str, str], name: str) -> str:
    if name not in params:
        raise PeerError(400, f"No {name} in a Digest value")
    return params[name]

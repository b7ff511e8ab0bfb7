"""HTTP Digest as SIP uses it, both sides (RFC 2617, RFC 7616, RFC 8760)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from .errors import MisuseError, PeerError
from .fields.auth import Challenge, Credentials, digest_values
from .headers import Headers

ALGORITHMS = ("MD5", "SHA-256")
"""What we compute; the ``-sess`` forms too."""


def supported(algorithm: str) -> bool:
    """Whether we can compute this algorithm; names have no case."""
    return algorithm.upper().removesuffix("-SESS") in ALGORITHMS


def ha1(user: str, realm: str, secret: str, algorithm: str = "MD5") -> str:
    """``H(user:realm:secret)`` in hex: what a server stores instead of the secret."""
    return _hash(algorithm, f"{user}:{realm}:{secret}".encode("utf-8", "surrogateescape"))


def response_of(
    stored: str,
    method: str,
    uri: str,
    nonce: str,
    *,
    algorithm: str = "MD5",
    qop: str | None = "auth",
    nc: str | None = None,
    cnonce: str | None = None,
    body: bytes = b"",
) -> str:
    """The ``response`` value in hex for a stored HA1 (RFC 7616 section 3.4.1).

    ``qop=None`` is the RFC 2069 form. ``MisuseError`` for an algorithm or qop that we do not compute.
    """
    if algorithm.upper().endswith("-SESS"):
        stored = _hash(algorithm, f"{stored}:{nonce}:{cnonce or ''}".encode("utf-8", "surrogateescape"))
    act = f"{method}:{uri}"
    if qop == "auth-int":
        act = f"{act}:{_hash(algorithm, body)}"
    elif qop not in (None, "auth"):
        raise MisuseError(f"qop {qop!r} is unknown")
    ha2 = _hash(algorithm, act.encode("utf-8", "surrogateescape"))
    middle = nonce if qop is None else f"{nonce}:{nc}:{cnonce}:{qop}"
    return _hash(algorithm, f"{stored}:{middle}:{ha2}".encode("utf-8", "surrogateescape"))


def verify(credentials: Credentials, stored: str, method: str, body: bytes = b"") -> bool:
    """Whether the credentials prove knowledge of the secret behind ``stored`` (an HA1 of their algorithm).

    Compared in constant time. Realm, nonce, nc, qop policy and uri are for the caller to judge.
    """
    if not supported(credentials.algorithm) or credentials.qop not in (None, "auth", "auth-int"):
        return False
    expected = response_of(
        stored,
        method,
        credentials.uri,
        credentials.nonce,
        algorithm=credentials.algorithm,
        qop=credentials.qop,
        nc=credentials.nc,
        cnonce=credentials.cnonce,
        body=body,
    )
    given = credentials.response.lower().encode("utf-8", "surrogateescape")
    return hmac.compare_digest(expected.encode(), given)


def answer(
    challenge: Challenge,
    user: str,
    *,
    method: str,
    uri: str,
    cnonce: str,
    nc: int = 1,
    secret: str | None = None,
    stored: str | None = None,
    body: bytes = b"",
) -> str:
    """The Authorization (or Proxy-Authorization) value a client sends; give ``secret`` or a ``stored`` HA1.

    ``nc`` counts the uses of this nonce from 1. ``PeerError`` 400 if the challenge asks for what we cannot
    do.
    """
    if stored is None:
        if secret is None:
            raise MisuseError("answer needs a secret or a stored HA1")
        stored = ha1(user, challenge.realm, secret, _known(challenge.algorithm))
    qop = _choose_qop(challenge.qop)
    count = f"{nc:08x}" if qop else None
    mark = cnonce if qop or challenge.algorithm.upper().endswith("-SESS") else None
    response = response_of(
        stored,
        method,
        uri,
        challenge.nonce,
        algorithm=_known(challenge.algorithm),
        qop=qop,
        nc=count,
        cnonce=mark,
        body=body,
    )
    value = Credentials(
        user,
        challenge.realm,
        challenge.nonce,
        uri,
        response,
        challenge.algorithm,
        qop,
        count,
        mark,
        challenge.opaque,
    )
    return str(value)


def find_credentials(headers: Headers, realm: str, name: str = "Authorization") -> list[Credentials]:
    """All Digest credentials for ``realm``; other schemes and realms are passed over, a broken value is
    400."""
    found = [Credentials.parse(value) for value in digest_values(headers.all(name))]
    return [credentials for credentials in found if credentials.realm == realm]


def choose(values: Iterable[str]) -> Challenge | None:
    """The first challenge that we can answer: the server lists them by preference (RFC 8760 section 2.4)."""
    for value in digest_values(values):
        challenge = Challenge.parse(value)
        if supported(challenge.algorithm) and (not challenge.qop or {"auth", "auth-int"} & {*challenge.qop}):
            return challenge
    return None


def _choose_qop(offers: tuple[str, ...]) -> str | None:
    if not offers:
        return None
    for qop in ("auth", "auth-int"):
        if qop in offers:
            return qop
    raise PeerError(400, "Unknown qop in a challenge")


def _known(algorithm: str) -> str:
    if not supported(algorithm):
        raise PeerError(400, "Unknown algorithm in a challenge")
    return algorithm


def _hash(algorithm: str, data: bytes) -> str:
    plain = algorithm.upper().removesuffix("-SESS")
    if plain == "MD5":
        return hashlib.md5(data, usedforsecurity=False).hexdigest()
    if plain == "SHA-256":
        return hashlib.sha256(data).hexdigest()
    raise MisuseError(f"digest algorithm {algorithm!r} is unknown")

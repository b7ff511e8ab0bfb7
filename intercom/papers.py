"""The signed passes a door holds for the time the network is down, and whether one opens here now [S].

A paper is a JWT (RFC 7519) signed with WebAdmin's Ed25519 key (RFC 8037). The claims are written down here
once; `webadmin/papers/signing.py` writes them and the tests set the two against each other:

| claim   | meaning |
|---------|---------|
| `typ`   | header: `doorline-pass+jwt`, so that nothing else signed by the same key is a pass |
| `iss`   | the site's SIP domain |
| `aud`   | the username of the device that holds it |
| `sub`   | the pass |
| `pin`, `token` | digests of its codes (`dialplan.passes`) |
| `doors` | `[{"door", "relay", "ms", "spans"}]`; `spans`: civil seconds in which its giver may, or null |
| `nbf`   | when the pass begins, in civil seconds |
| `iat`, `exp` | when it was signed, and its end: a day later at most, so that a revoked one dies here too |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dialplan.passes import Code, matches

TYPE = "doorline-pass+jwt"
MAX_BYTES = 8192
MAX_PAPERS = 5000
MAX_VALIDITY = 86_400.0
_CLAIMS = ("iss", "aud", "sub", "pin", "token", "doors", "nbf", "iat", "exp")


@dataclass(frozen=True, slots=True)
class Opening:
    """A door that a paper opens here; `spans` None: whenever the paper is good."""

    door: str
    relay: str
    ms: int
    spans: tuple[tuple[float, float], ...] | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A genuine paper for us."""

    id: str
    pin: str
    token: str
    openings: tuple[Opening, ...]
    begins: float
    ends: float


def read(token: str, key: Ed25519PublicKey, site: str, username: str) -> Paper | None:
    """A paper that is genuine and ours, whatever its time; None otherwise."""
    if len(token) > MAX_BYTES:
        return None
    try:
        decoded = jwt.decode_complete(
            token,
            key,
            algorithms=["EdDSA"],  # pinned: the token's own `alg` never chooses
            audience=username,
            issuer=site,
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None
    if decoded["header"].get("typ") != TYPE:
        return None
    try:
        return _paper(decoded["payload"])
    except (KeyError, TypeError, ValueError):
        return None


def read_all(body: str, key: Ed25519PublicKey, site: str, username: str) -> list[Paper]:
    """The papers in `{"passes": [token]}`; those that are not genuine or not ours are left out."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return []
    tokens = fields.get("passes") if isinstance(fields, dict) else None
    if not isinstance(tokens, list):
        return []
    found = (read(each, key, site, username) for each in tokens[:MAX_PAPERS] if isinstance(each, str))
    return [each for each in found if each is not None]


def find(papers: Iterable[Paper], code: Code) -> Paper | None:
    """The paper a code belongs to; all are compared in full, so that time tells nothing."""
    found = None
    for each in papers:
        if matches(each.pin, each.token, code):
            found = each
    return found


def opening(paper: Paper, door: str, civil: float) -> Opening | None:
    """What the paper opens at `civil`: `door`, or the first door if that is ""."""
    if not paper.begins <= civil < paper.ends:
        return None
    for each in paper.openings:
        if door in ("", each.door) and (
            each.spans is None or any(start <= civil < end for start, end in each.spans)
        ):
            return each
    return None


def _paper(claims: Mapping[str, object]) -> Paper:
    issued, begins, ends = (_number(claims[name]) for name in ("iat", "nbf", "exp"))
    if not issued < ends <= issued + MAX_VALIDITY:
        raise ValueError("a paper lasts a day at most")
    doors = claims["doors"]
    if not isinstance(doors, list):
        raise ValueError("doors")
    return Paper(
        _text(claims["sub"]),
        _text(claims["pin"]),
        _text(claims["token"]),
        tuple(_opening(each) for each in doors),
        begins,
        ends,
    )


def _opening(each: Mapping[str, object]) -> Opening:
    ms, spans = each["ms"], each["spans"]
    if not isinstance(ms, int) or isinstance(ms, bool) or not 100 <= ms <= 60_000:
        raise ValueError("ms")
    if spans is not None and not isinstance(spans, list):
        raise ValueError("spans")
    pairs = None if spans is None else tuple((_number(start), _number(end)) for start, end in spans)
    return Opening(_text(each["door"]), _text(each["relay"]), ms, pairs)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise ValueError("a time")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 128:
        raise ValueError("a text")
    return value

"""Checks the PBX's signed order to open a door: a JWT (RFC 7519) signed with Ed25519 (RFC 8037).

The claims are written down here once; `pbx/doors/order.py` writes them and the tests set the two against
each other (the rooms may not import one another):

| claim    | meaning |
|----------|---------|
| `typ`    | header: `doorline-order+jwt`, so that no other paper signed by the same key is an order |
| `iss`    | the site's SIP domain |
| `aud`    | the controller's username |
| `door`   | the door's id, for the log |
| `relay`  | the relay's name in the controller's settings |
| `action` | `open`; `hold` for one lease of 30 s; `release` to end it; `restart`, of the agent |
| `ms`     | how long the relay is on, in milliseconds, 100-60000 |
| `jti`    | single use, 8-64 characters |
| `iat`    | when it was signed, in civil seconds |
| `exp`    | at most 10 s after `iat` |
| `run`    | the user part of the Contact the controller registered: random per process |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

CONTENT_TYPE = "application/vnd.doorline.order+jwt"
TYPE = "doorline-order+jwt"
MAX_BYTES = 2048
MAX_VALIDITY = 10.0
# The Date header that teaches the clock has a resolution of one second, and the way there takes time too.
LEEWAY = 2.0
MIN_MS, MAX_MS = 100, 60_000

ACTIONS = frozenset({"open", "hold", "release", "restart"})

_CLAIMS = ("iss", "aud", "door", "relay", "action", "ms", "jti", "iat", "exp", "run")


@dataclass(frozen=True, slots=True)
class Order:
    """A genuine order: open `door` by switching `relay` on for `ms` milliseconds, or hold or release it."""

    jti: str
    door: str
    relay: str
    ms: int
    issued: float
    expires: float
    action: str = "open"


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a token is no order for us; `reason` is one word for the log and the answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whose orders we take: the pinned key, the site that signs, our username and this process's run."""

    key: Ed25519PublicKey
    site: str
    username: str
    run: str


def read_key(pem: bytes) -> Ed25519PublicKey:
    """The public order key from its PEM text; ValueError when it is anything but an Ed25519 public key."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")
    return key


def check(token: bytes, addressee: Addressee, civil: float) -> Order | Invalid:
    """Read a token at civil time `civil` (seconds since 1970); never raises, whatever the bytes are."""
    if len(token) > MAX_BYTES:
        return Invalid("oversized")
    try:
        decoded = jwt.decode_complete(
            token,
            addressee.key,
            # Pinned: the token's own `alg` never chooses (no `none`, no HMAC keyed with a public key).
            algorithms=["EdDSA"],
            audience=addressee.username,
            issuer=addressee.site,
            # The library's idea of now is the machine's clock; ours is learned, so times are checked below.
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.InvalidAudienceError:
        return Invalid("audience")
    except jwt.InvalidIssuerError:
        return Invalid("issuer")
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return Invalid("forged")
    if decoded["header"].get("typ") != TYPE:
        return Invalid("type")
    return _read_claims(decoded["payload"], addressee, civil)


def _read_claims(claims: Mapping[str, object], addressee: Addressee, civil: float) -> Order | Invalid:
    texts = {name: claims.get(name) for name in ("aud", "door", "relay", "action", "jti", "run")}
    times = (claims["iat"], claims["exp"])
    if not all(isinstance(value, str) for value in texts.values()) or not all(map(_is_number, times)):
        return Invalid("malformed")
    ms, jti = claims["ms"], str(texts["jti"])
    if not isinstance(ms, int) or isinstance(ms, bool) or not MIN_MS <= ms <= MAX_MS:
        return Invalid("malformed")
    if not 8 <= len(jti) <= 64:
        return Invalid("malformed")
    if texts["action"] not in ACTIONS:
        return Invalid("action")
    if texts["run"] != addressee.run:
        return Invalid("stale")
    issued, expires = (float(str(time)) for time in times)
    if not issued < expires <= issued + MAX_VALIDITY:
        return Invalid("malformed")
    if expires + LEEWAY < civil:
        return Invalid("expired")
    if issued - LEEWAY > civil:
        return Invalid("early")
    return Order(jti, str(texts["door"]), str(texts["relay"]), ms, issued, expires, str(texts["action"]))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e11

"""Every way to forge, stretch or bend an order, and the one that is right."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from intercom.order import MAX_BYTES, TYPE, Addressee, Invalid, Order, check, read_key
from tests.support.doors import AT, CONTROLLER, RUN, SITE, key, paper

NOW = AT.timestamp()
PEM = (
    key()
    .public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
)
CLAIMS: dict[str, Any] = {
    "iss": SITE,
    "aud": CONTROLLER,
    "door": "gate",
    "relay": "gate",
    "action": "open",
    "ms": 5000,
    "jti": "order-0001",
    "iat": NOW,
    "exp": NOW + 10,
    "run": RUN,
}


def addressee(**changes: str) -> Addressee:
    return Addressee(
        key().public_key(),
        changes.get("site", SITE),
        changes.get("username", CONTROLLER),
        changes.get("run", RUN),
    )


def signed(
    signer: Ed25519PrivateKey | None = None, header: dict[str, Any] | None = None, **claims: Any
) -> bytes:
    body = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not ...}
    headers = {"typ": TYPE, **(header or {})}
    return jwt.encode(body, signer or key(), algorithm="EdDSA", headers=headers).encode()


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def reason(token: bytes, now: float = NOW, **changes: str) -> str:
    found = check(token, addressee(**changes), now)
    return found.reason if isinstance(found, Invalid) else "accepted"


def test_what_the_pbx_signs_is_an_order() -> None:
    found = check(paper(), addressee(), NOW)
    assert found == Order("order-0001", "gate", "gate", 5000, NOW, NOW + 10)


def test_a_strangers_key() -> None:
    assert reason(signed(Ed25519PrivateKey.generate())) == "forged"


def test_a_changed_payload() -> None:
    head, _, signature = paper().split(b".")
    payload = encoded(json.dumps({**CLAIMS, "ms": 60000}).encode())
    assert reason(b".".join((head, payload, signature))) == "forged"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
@pytest.mark.parametrize("signature", [b"", b"AAAA"])
def test_no_algorithm(alg: str, signature: bytes) -> None:
    head = encoded(json.dumps({"alg": alg, "typ": TYPE}).encode())
    assert reason(b".".join((head, encoded(json.dumps(CLAIMS).encode()), signature))) == "forged"


@pytest.mark.parametrize(
    "secret",
    [PEM, PEM.strip(), key().public_key().public_bytes_raw(), b""],
    ids=["pem", "pem without its end", "raw", "empty"],
)
def test_an_hmac_keyed_with_the_public_key(secret: bytes) -> None:
    head = encoded(json.dumps({"alg": "HS256", "typ": TYPE}).encode())
    signed_part = head + b"." + encoded(json.dumps(CLAIMS).encode())
    signature = hmac.new(secret, signed_part, hashlib.sha256).digest()
    assert reason(signed_part + b"." + encoded(signature)) == "forged"


def test_another_curve_and_a_key_brought_along() -> None:
    other = generate_private_key(SECP256R1())
    headers = {"typ": TYPE}
    assert reason(jwt.encode(CLAIMS, other, algorithm="ES256", headers=headers).encode()) == "forged"
    mine = Ed25519PrivateKey.generate()
    raw = encoded(mine.public_key().public_bytes_raw()).decode()
    assert reason(signed(mine, {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": raw}})) == "forged"


def test_another_paper_by_the_right_key() -> None:
    assert reason(signed(header={"typ": "doorline-pass+jwt"})) == "type"
    assert reason(signed(header={"typ": "JWT"})) == "type"


def test_somebody_elses_order() -> None:
    assert reason(paper(), username="garage") == "audience"
    assert reason(signed(aud=["garage", "other"])) == "audience"
    assert reason(paper(), site="other.example") == "issuer"
    assert reason(paper(), run="f" * 16) == "stale"


def test_an_order_to_many_is_an_order_to_nobody() -> None:
    assert reason(signed(aud=[CONTROLLER, "garage"])) == "malformed"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW - 3, "early"),
        (NOW - 1, "accepted"),
        (NOW + 10, "accepted"),
        (NOW + 11.9, "accepted"),
        (NOW + 12.1, "expired"),
        (NOW + 86400, "expired"),
        (0.0, "early"),
    ],
)
def test_time(now: float, expected: str) -> None:
    assert reason(paper(), now) == expected


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW + 11},
        {"exp": NOW + 1e9},
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": True},
        {"iat": float("inf")},
        {"iat": -1},
        {"ms": 99},
        {"ms": 60001},
        {"ms": -5},
        {"ms": True},
        {"ms": "5000"},
        {"ms": 5000.0},
        {"jti": "short"},
        {"jti": "x" * 65},
        {"relay": ["gate"]},
        {"door": None},
        {"run": 7},
    ],
)
def test_claims_that_cannot_be(claims: dict[str, Any]) -> None:
    assert reason(signed(**claims)) in ("malformed", "forged")


@pytest.mark.parametrize("missing", sorted(CLAIMS))
def test_a_missing_claim(missing: str) -> None:
    without: dict[str, Any] = {missing: ...}
    assert reason(signed(**without)) in ("malformed", "forged", "audience", "issuer")


def test_another_action() -> None:
    assert reason(signed(action="toggle")) == "action"


def test_oversized() -> None:
    assert reason(signed(door="x" * MAX_BYTES)) == "oversized"
    assert reason(b"." * (MAX_BYTES + 1)) == "oversized"


def test_a_header_of_a_thousand_brackets() -> None:
    assert reason(encoded(b"[" * 1400) + b".e30.AAAA") == "forged"


@given(st.binary(max_size=MAX_BYTES + 10))
def test_no_bytes_raise(token: bytes) -> None:
    assert isinstance(check(token, addressee(), NOW), Invalid)


@given(st.integers(0, len(paper()) - 1), st.integers(1, 255))
def test_no_changed_byte_is_accepted(place: int, change: int) -> None:
    token = bytearray(paper())
    token[place] ^= change
    # The last character of an Ed25519 signature's base64 holds four bits that mean nothing.
    if place == len(token) - 1:
        return
    assert isinstance(check(bytes(token), addressee(), NOW), Invalid)


def test_the_pinned_key_is_ed25519_or_refused() -> None:
    assert read_key(PEM).public_bytes_raw() == key().public_key().public_bytes_raw()
    other = generate_private_key(SECP256R1()).public_key()
    pem = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for wrong in (pem, b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(ValueError):
            read_key(wrong)

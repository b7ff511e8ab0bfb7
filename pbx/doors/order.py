"""Signs orders for our agents: a JWT (RFC 7519) with Ed25519 (RFC 8037); the claims are listed in
`intercom/order.py`, which checks them."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from pbx.doors.opener import OpenOrder

CONTENT_TYPE = "application/vnd.doorline.order+jwt"
TYPE = "doorline-order+jwt"
VALID_SECONDS = 10
PRIVATE_NAME, PUBLIC_NAME = "order_ed25519", "order_ed25519.pub"


class Signer:
    """Signs with the PBX's order key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def sign(self, order: OpenOrder, run: str, at: datetime) -> bytes:
        """The paper the controller obeys; `run` is the user part of its registered Contact, `at` aware civil
        time."""
        issued = round(at.timestamp(), 3)
        claims: dict[str, object] = {
            "iss": order.site,
            "aud": order.controller,
            "door": order.door.id,
            "relay": order.door.relay,
            "action": order.action,
            "ms": round(order.seconds * 1000),
            "jti": order.id,
            "iat": issued,
            "exp": issued + VALID_SECONDS,
            "run": run,
        }
        return self._encode(claims)

    def sign_restart(self, site: str, username: str, id: str, run: str, at: datetime) -> bytes:
        """The order to an agent to begin anew; `id` is single use."""
        issued = round(at.timestamp(), 3)
        names = {"iss": site, "aud": username, "door": "", "relay": "", "action": "restart", "ms": 100}
        return self._encode({**names, "jti": id, "iat": issued, "exp": issued + VALID_SECONDS, "run": run})

    def _encode(self, claims: dict[str, object]) -> bytes:
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"typ": TYPE}).encode("ascii")


def load_or_make(directory: Path) -> Signer:
    """The signer whose key lies in `directory` (`var/keys`), made there at the first start.

    The private key is 0600; its public half lies beside it and is what agents pin. Raises OSError or
    ValueError.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = directory / PRIVATE_NAME
    if not private.exists():
        _write(private, _private_pem(Ed25519PrivateKey.generate()), 0o600)
    if private.stat().st_mode & 0o077:
        raise ValueError(f"{private} can be read by others: chmod 600 {private}")
    key = load_pem_private_key(private.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{private} is not an Ed25519 private key")
    public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    public = directory / PUBLIC_NAME
    if not public.exists() or public.read_bytes() != public_pem:
        _write(public, public_pem, 0o644)
    return Signer(key)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, also when two processes start at once or the power fails."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)

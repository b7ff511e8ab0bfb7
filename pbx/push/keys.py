"""The key by which push services know this server (VAPID, RFC 8292): P-256, made at the first start."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PRIVATE = "vapid_p256.pem"
PUBLIC = "vapid_p256.pub"
"""The public key as browsers want it: an uncompressed point in base64url, on one line."""


def load_or_make(directory: Path) -> ec.EllipticCurvePrivateKey:
    """The key in `directory`; the public half beside it is written anew where it is missing.

    Raises:
        OSError: it cannot be read or written.
        ValueError: it is no key of this kind.
    """
    path = directory / PRIVATE
    if path.exists():
        key = load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ValueError(f"{path} is no P-256 key")
    else:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    public = directory / PUBLIC
    if not public.exists():
        public.write_text(point_of(key) + "\n", encoding="ascii")
    return key


def point_of(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as a browser wants it."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

"""A push service of our own for tests: takes letters as the browsers' do, and opens them with the keys of its
subscribers (RFC 8030, RFC 8188, RFC 8291, RFC 8292; written from the RFCs, with nothing of the sender's)."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pbx.certificates import load_or_make

CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """And back."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as it travels."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Subscriber:
    """One browser: its keys, what reached it, and what the service shall answer for it."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    vapid: str = ""
    """The only key that may sign letters to it, where it has said one (RFC 8292 section 4)."""
    status: int = 201
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def open(self, body: bytes) -> bytes:
        """Decrypt one message (RFC 8188 section 2, RFC 8291 section 3.4). Raises on any fault."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, content = body[21 : 21 + length], body[21 + length :]
        assert len(content) <= size, "more than one record"
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        info = b"WebPush: info\0" + point(self.key.public_key()) + theirs
        secret = HKDF(SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        plain = AESGCM(key).decrypt(nonce, content, None).rstrip(b"\0")
        assert plain.endswith(b"\2"), "the last record says so"
        return plain[:-1]

    async def forward(self) -> None:
        """Bring on what was taken: nothing to do for a subscriber who lives here."""


class PushService:
    """The service; `refused` counts letters it would not take, with the reason."""

    def __init__(self, directory: Path) -> None:
        self.certificate = load_or_make(directory, ["127.0.0.1", "localhost"])
        self.subscribers: dict[str, Subscriber] = {}
        self.refused: list[str] = []
        self.came = asyncio.Event()
        self.origin = ""

    def subscribe(self, name: str) -> tuple[Subscriber, dict[str, Any]]:
        """A new browser, and its subscription as JavaScript gives it."""
        one = self.subscribers[name] = Subscriber(name)
        keys = {"p256dh": b64(point(one.key.public_key())), "auth": b64(one.auth)}
        return one, {"endpoint": f"{self.origin}/send/{name}", "keys": keys}

    async def until(self, one: Subscriber, count: int, seconds: float = 30.0) -> None:
        """Wait until so many messages have reached a browser."""
        async with asyncio.timeout(seconds):
            while len(one.got) < count:
                self.came.clear()
                await self.came.wait()

    async def take(self, request: web.Request) -> web.Response:
        """One letter."""
        one = self.subscribers.get(request.match_info["name"])
        if one is None:
            return web.Response(status=404)
        try:
            self._check(request.headers.get("Authorization", ""), one.vapid)
            assert request.headers["Content-Encoding"] == "aes128gcm"
            assert 0 <= int(request.headers["TTL"]) <= 2_419_200
            assert len(request.headers.get("Topic", "")) <= 32
            message = json.loads(one.open(await request.read()))
        except Exception as fault:  # whatever it is, the test shall see it
            self.refused.append(f"{type(fault).__name__}: {fault}")
            return web.Response(status=400)
        if one.status == 201:
            one.got.append(message)
            one.headers.append({name: request.headers.get(name, "") for name in ("TTL", "Topic", "Urgency")})
            self.came.set()
            await one.forward()
        one.answers.append(one.status)
        return web.Response(status=one.status, headers={"Location": "https://192.0.2.1/elsewhere"})

    def _check(self, header: str, known: str) -> None:
        """VAPID (RFC 8292): a token signed by the key that is sent with it, for us, for a day at most."""
        scheme, _, rest = header.partition(" ")
        assert scheme == "vapid", header
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert not known or unb64(known) == unb64(parts["k"]), "not the key that was subscribed with"
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(parts["k"]))
        claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.origin)  # type: ignore[arg-type,unused-ignore]
        assert claims["exp"] - time.time() <= 86_400  # noqa: TID251
        assert claims["sub"].startswith("mailto:")


@asynccontextmanager
async def push_service(directory: Path) -> AsyncIterator[PushService]:
    """A service over HTTPS on a free port of loopback, with a certificate of its own authority."""
    service = PushService(directory)
    app = web.Application()
    app.router.add_post("/send/{name}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(service.certificate.certificate, service.certificate.key)
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    service.origin = f"https://localhost:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()

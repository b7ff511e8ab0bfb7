"""A carrier on a real socket: a registrar that checks digests, answers OPTIONS, and takes calls as told."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from pbx.certificates import ServerCertificate
from pbx.sip import digest
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.message import Request
from pbx.sip.session import Session
from pbx.transport import tls, udp
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate

REALM = "carrier.test"
USER, PASSWORD = "doorline", "a good password"


class Carrier:
    """One carrier at 127.0.0.1:`port`.

    Attributes:
        mode: what becomes of calls: "answer", "ring", "silent", or a status such as "503".
        numbers: the user part of each INVITE's target that reached us, challenged ones once.
        sessions: calls that rang or talk, the newest last.
    """

    def __init__(self, challenges: bool = True, certificate: ServerCertificate | None = None) -> None:
        self.mode = "answer"
        self.challenges = challenges
        self.certificate = certificate
        self.offers: list[bytes] = []
        self.registers = self.options = 0
        self.numbers: list[str] = []
        self.sessions: list[Session] = []
        self.ended = 0
        self.port = 0
        self._news = asyncio.Event()
        self._nonce = secrets.token_hex(8)
        self._engine = Engine(token=lambda: secrets.token_hex(8))
        self._driver = Driver(self._engine, asyncio.get_running_loop().time, self._event)

    async def until(self, holds: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"the carrier never saw {what}") from None

    def press(self, digit: str) -> None:
        """A key of the newest call, by INFO."""
        body = f"Signal={digit}\r\nDuration=160\r\n".encode()
        self.sessions[-1].info("application/dtmf-relay", body, self._driver.clock())
        self._driver.drain()

    def hang_up(self) -> None:
        """End the newest call."""
        self.sessions[-1].end(self._driver.clock())
        self._driver.drain()

    def _event(self, event: sip.Event, now: float) -> None:
        match event:
            case sip.RequestReceived():
                self._request(event, now)
            case sip.InviteReceived():
                self._invite(event, now)
            case sip.Ended() | sip.Cancelled():
                self.ended += 1
        self._news.set()

    def _request(self, event: sip.RequestReceived, now: float) -> None:
        request = event.request
        headers: list[tuple[str, str]] = []
        status = 200
        if request.method == "REGISTER":
            if self._knows(request, "Authorization"):
                self.registers += 1
                headers = [("Contact", f"{request.headers.get('Contact')};expires=120")]
            else:
                status, headers = 401, [("WWW-Authenticate", self._challenge())]
        elif request.method == "OPTIONS":
            self.options += 1
        self._engine.respond_status(event.transaction, status, now, headers)

    def _invite(self, event: sip.InviteReceived, now: float) -> None:
        session, request = event.session, event.request
        if self.challenges and not self._knows(request, "Proxy-Authorization"):
            session.refuse(407, now, [("Proxy-Authenticate", self._challenge())])
            return
        self.numbers.append(request.uri.partition("sip:")[2].partition("@")[0])
        self.offers.append(request.body)
        if self.mode.isdecimal():
            session.refuse(int(self.mode), now)
            return
        self.sessions.append(session)
        session.ring(now)
        if self.mode == "answer":
            session.accept(_description(self.certificate is not None), now)

    def _knows(self, request: Request, name: str) -> bool:
        stored = digest.ha1(USER, REALM, PASSWORD)
        found = digest.find_credentials(request.headers, REALM, name)
        return any(digest.verify(each, stored, request.method, request.body) for each in found)

    def _challenge(self) -> str:
        return f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5, qop="auth"'

    async def open(self) -> None:
        """Listen."""
        if self.certificate is None:
            plain = await udp.listen(self._driver, "127.0.0.1", 0, Gate())
            self.port, self._close = plain.address[1], _closing(plain.close)
        else:
            context = tls.server_context(self.certificate.certificate, self.certificate.key)
            secure = await tls.listen(self._driver, "127.0.0.1", 0, Gate(), context)
            self.port, self._close = secure.address[1], secure.aclose
        receive = self._driver.receive

        def hear(message: Any, flow: Any, now: float, data: bytes | None = None) -> None:
            deaf = self.mode == "silent" and isinstance(message, Request) and message.method == "INVITE"
            if deaf:
                self.numbers.append(message.uri.partition("sip:")[2].partition("@")[0])
            else:
                receive(message, flow, now, data)

        self._driver.receive = hear  # type: ignore[method-assign]

    async def close(self) -> None:
        """Listen no more."""
        await self._close()
        self._driver.close()


def _closing(close: Callable[[], None]) -> Callable[[], Coroutine[Any, Any, None]]:
    async def closing() -> None:
        close()

    return closing


def _description(secure: bool) -> bytes:
    """Sound to a port where nobody is; keys come by INFO."""
    head = ("v=0", "o=carrier 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0")
    key = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
    keyed = ("m=audio 9 RTP/SAVP 8 0", f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}")
    media = keyed if secure else ("m=audio 9 RTP/AVP 8 0",)
    return "".join(f"{line}\r\n" for line in (*head, *media)).encode()


@asynccontextmanager
async def carrier(
    challenges: bool = True, certificate: ServerCertificate | None = None
) -> AsyncIterator[Carrier]:
    """A carrier that listens, with a certificate by TLS."""
    one = Carrier(challenges, certificate)
    await one.open()
    try:
        yield one
    finally:
        await one.close()


__all__ = ["PASSWORD", "REALM", "USER", "Carrier", "carrier"]

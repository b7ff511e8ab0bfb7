"""A carrier on a real socket: a registrar that checks digests, answers OPTIONS, and takes calls as told."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from pbx.sip import digest
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.message import Request
from pbx.sip.session import Session
from pbx.transport import udp
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

    def __init__(self, challenges: bool = True) -> None:
        self.mode = "answer"
        self.challenges = challenges
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
        if self.mode.isdecimal():
            session.refuse(int(self.mode), now)
            return
        self.sessions.append(session)
        session.ring(now)
        if self.mode == "answer":
            session.accept(_description(), now)

    def _knows(self, request: Request, name: str) -> bool:
        stored = digest.ha1(USER, REALM, PASSWORD)
        found = digest.find_credentials(request.headers, REALM, name)
        return any(digest.verify(each, stored, request.method, request.body) for each in found)

    def _challenge(self) -> str:
        return f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5, qop="auth"'

    async def open(self) -> None:
        """Listen."""
        self._listener = await udp.listen(self._driver, "127.0.0.1", 0, Gate())
        self.port = self._listener.address[1]
        receive = self._driver.receive

        def hear(message: Any, flow: Any, now: float, data: bytes | None = None) -> None:
            deaf = self.mode == "silent" and isinstance(message, Request) and message.method == "INVITE"
            if deaf:
                self.numbers.append(message.uri.partition("sip:")[2].partition("@")[0])
            else:
                receive(message, flow, now, data)

        self._driver.receive = hear  # type: ignore[method-assign]

    def close(self) -> None:
        """Listen no more."""
        self._listener.close()
        self._driver.close()


def _description() -> bytes:
    """Sound to a port where nobody is; keys come by INFO."""
    head = ("v=0", "o=carrier 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0")
    return "".join(f"{line}\r\n" for line in (*head, "m=audio 9 RTP/AVP 8 0")).encode()


@asynccontextmanager
async def carrier(challenges: bool = True) -> AsyncIterator[Carrier]:
    """A carrier that listens."""
    one = Carrier(challenges)
    await one.open()
    try:
        yield one
    finally:
        one.close()


__all__ = ["PASSWORD", "REALM", "USER", "Carrier", "carrier"]

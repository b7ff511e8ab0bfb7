"""A device on any transport that does what a test tells it and nothing more: our SIP library as a client."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow, Transport
from pbx.sip.invite.session import Session
from pbx.sip.proof import Proof
from pbx.transport import tls
from pbx.transport.connect import connect
from pbx.transport.driver import Channel, Driver
from tests.support.system import System

PATIENCE = 30.0
OPEN = "application/vnd.doorline.open+json"
SOUND = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
PICTURE = SOUND + b"m=video 11 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=sendonly\r\n"


@dataclass(frozen=True, slots=True)
class Said:
    """How a request ended. 0: by no answer at all, for the connection was closed."""

    status: int
    body: bytes = b""


class _Asked:
    """The context of a request that somebody waits for."""

    def __init__(self) -> None:
        self.said: asyncio.Future[Said] = asyncio.get_running_loop().create_future()


class Handset:
    """One device. `told` keeps the events of its calls; answers to requests are returned."""

    def __init__(self, doorline: System, transport: Transport, site: str, device: str, secret: str) -> None:
        self.doorline, self.transport, self.site, self.device = doorline, transport, site, device
        self.engine = Engine(token=lambda: secrets.token_hex(8))
        self.clock = asyncio.get_running_loop().time
        self.driver = Driver(self.engine, self.clock, self._event, self._lost)
        self.proof = Proof(site, device, secret, lambda: secrets.token_hex(8))
        self.flow: Flow | None = None
        self.told: list[Any] = []
        self.news = asyncio.Event()

    async def dial_in(self) -> None:
        """Connect, anew if need be."""
        if self.flow is not None and self.flow.alive:
            return
        house, secure = self.doorline, self.transport in ("tls", "wss")
        context = tls.client_context(ca=house.var / "tls/ca.pem") if secure else None
        port = int(house.environment["DOORLINE_HTTP__TLS_PORT"]) if self.transport == "wss" else house.http
        port = port if self.transport in ("ws", "wss") else getattr(house, self.transport)
        (origin,) = json.loads(house.environment["DOORLINE_HTTP__PUBLIC_ORIGINS"])
        self.flow = await connect(
            self.driver, self.transport, "127.0.0.1", port, context=context, origin=origin
        )

    async def ask(self, method: str, user: str = "", body: bytes = b"", kind: str = "") -> Said:
        """Send a request outside of calls, and prove who we are if asked."""
        await self.dial_in()
        assert self.flow is not None
        own = f"<sip:{self.device}@{self.site}>"
        more = [("Contact", self._contact()), ("Expires", "600")] if method == "REGISTER" else []
        target = f"sip:{user}@{self.site}" if user else f"sip:{self.site}"
        request = self.engine.build_request(
            method, target, from_=own, to=own, headers=more, body=body, content_type=kind
        )
        asked = _Asked()
        self.engine.send_request(request, self.flow, self.clock(), asked, answer_challenge=self.proof.answer)
        self.driver.drain()
        return await asyncio.wait_for(asked.said, PATIENCE)

    async def open(self, door: str) -> str:
        """What the PBX says to an order to open a door: its result, or the status that refuses it."""
        said = await self.ask("MESSAGE", "doors", json.dumps({"door": door}).encode(), OPEN)
        return str(json.loads(said.body)["result"]) if said.status == 200 else str(said.status)

    async def call(self, user: str, offer: bytes = SOUND) -> Session:
        """Call somebody."""
        await self.dial_in()
        assert self.flow is not None
        own = f"<sip:{self.device}@{self.site}>"
        target = f"sip:{user}@{self.site}"
        session = self.engine.invite(
            target=target,
            from_=own,
            to=f"<{target}>",
            flow=self.flow,
            body=offer,
            now=self.clock(),
            answer_challenge=self.proof.answer,
        )
        self.driver.drain()
        return session

    async def refused(self, user: str) -> int:
        """The status by which a call to somebody ends that nobody must take."""
        session = await self.call(user)
        ended = await self.until(sip.Refused, session)
        return int(ended.status)

    async def until(self, kind: type[Any], session: Session | None = None) -> Any:
        """Wait for an event of that kind, of this session, and take it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    for event in self.told:
                        if isinstance(event, kind) and session in (None, event.session):
                            self.told.remove(event)
                            return event
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            told = [type(event).__name__ for event in self.told]
            why = f"{self.device} by {self.transport}: no {kind.__name__} but {told}"
            raise AssertionError(why) from None

    async def rings(self) -> sip.InviteReceived:
        """Wait for a call that is not over yet, and let it ring."""
        event: sip.InviteReceived = await self.until(sip.InviteReceived)
        while event.session.state == "ended":
            event = await self.until(sip.InviteReceived)
        event.session.ring(self.clock())
        self.driver.drain()
        return event

    def answer(self, rung: sip.InviteReceived) -> None:
        """Take the call, with sound alone."""
        lines = re.findall(rb"^m=(\S+) \d+ (\S+) (.*?)\r?$", rung.request.body, re.MULTILINE)
        refused = [b"m=%b 0 %b %b\r\n" % line for line in lines if line[0] != b"audio"]
        rung.session.accept(SOUND + b"".join(refused), self.clock())
        self.driver.drain()

    def _contact(self) -> str:
        assert self.flow is not None
        host, port = self.flow.local
        return f"<sip:{self.device}@{host}:{port};transport={self.flow.transport}>"

    def _event(self, event: Any, now: float) -> None:
        match event:
            case sip.ResponseReceived():
                self._answer(event.transaction.context, Said(event.response.status, event.response.body))
            case sip.RequestFailed():
                self._answer(event.transaction.context, Said(0))
            case _:
                self.told.append(event)
                self.news.set()

    def _answer(self, asked: object, said: Said) -> None:
        if isinstance(asked, _Asked) and not asked.said.done():
            asked.said.set_result(said)

    def _lost(self, flow: Flow, now: float) -> None:
        """The next request connects anew."""


@asynccontextmanager
async def handset(
    doorline: System, transport: Transport, site: str, device: str, secret: str
) -> AsyncIterator[Handset]:
    """A device that is registered."""
    one = Handset(doorline, transport, site, device, secret)
    try:
        said = await one.ask("REGISTER")
        assert said.status == 200, said
        yield one
    finally:
        if one.flow is not None and one.flow.alive:
            cast(Channel, one.flow.channel).close(one.flow)
        one.driver.close()

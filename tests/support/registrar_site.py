"""The smallest server that phones can register with: engine, transports, authentication and registrar, no
calls."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from pbx.auth import Authenticator, AuthOptions, Credential, Refused
from pbx.facts import Facts, Registered
from pbx.registrar import Accepted, Binding, Location, Registrar
from pbx.sip.digest import ha1
from pbx.sip.engine import Engine
from pbx.sip.events import Event, InviteReceived, RequestReceived
from pbx.transport import tcp, tls, udp
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.limits import Limits

if TYPE_CHECKING:
    import ssl

    from pbx.facts import Fact
    from pbx.sip.flow import Flow

SITE = "fjordgata.example"
LOCAL = "127.0.0.1"


def credential(username: str, secret: str, **more: object) -> Credential:
    """A credential at `SITE`; its device is called as its user."""
    values: dict[str, object] = {
        "site": SITE,
        "device": username,
        "username": username,
        "ha1": ha1(username, SITE, secret),
        "ha1_sha256": ha1(username, SITE, secret, "SHA-256"),
    }
    return Credential(**{**values, **more})  # type: ignore[arg-type]


class RegistrarSite:
    """Answers REGISTER in full, everything else by authentication and then 404 (INVITE) or 200."""

    def __init__(
        self, credentials: dict[str, Credential], limits: Limits | None, options: AuthOptions
    ) -> None:
        self.credentials = credentials
        self.facts: list[Fact] = []
        self._feed = Facts()
        self._feed.subscribe(self.facts.append)
        self.news = asyncio.Event()
        self.engine = Engine(token=lambda: secrets.token_hex(8))
        self.gate = Gate(limits)
        clock = asyncio.get_running_loop().time
        self.driver = Driver(self.engine, clock, self._event, self._lost)
        self.location = Location(report=self._publish)
        self.authenticator = Authenticator(self, self, secrets.token_bytes(32), secrets.token_hex, options)
        self.registrar = Registrar(self.location, self, lambda: "Sun, 22 Nov 2026 14:00:00 GMT")
        self.driver.attach(self.location)
        self.port: dict[str, int] = {}

    def find(self, site: str, username: str) -> Credential | None:
        return self.credentials.get(username) if site == SITE else None

    def may_use(self, site: str, device: str, user: str) -> bool:
        return False

    def bindings(self, device: str) -> tuple[Binding, ...]:
        """Where a device is."""
        return self.location.find(SITE, device)

    def registered(self, device: str) -> list[Registered]:
        """What was said of its registrations."""
        return [fact for fact in self.facts if isinstance(fact, Registered) and fact.device == device]

    async def until(self, true: Callable[[], object], seconds: float = 20.0) -> None:
        """Wait for something that comes with a fact or a request."""
        async with asyncio.timeout(seconds):
            while not true():
                self.news.clear()
                await self.news.wait()

    def _publish(self, fact: Fact) -> None:
        self._feed.publish(fact)
        self.news.set()

    def _lost(self, flow: Flow, now: float) -> None:
        for fact in self.location.drop_flow(flow, now):
            self._publish(fact)

    def _event(self, event: Event, now: float) -> None:
        self.news.set()
        if isinstance(event, InviteReceived):
            found = self.authenticator.check(event.request, event.flow, now)
            status = found.status if isinstance(found, Refused) else 404
            event.session.refuse(status, now, found.headers if isinstance(found, Refused) else ())
        elif isinstance(event, RequestReceived):
            self._request(event, now)

    def _request(self, event: RequestReceived, now: float) -> None:
        found = self.authenticator.check(event.request, event.flow, now)
        if isinstance(found, Refused):
            if found.fact is not None:
                self._publish(found.fact)
            self.engine.respond_status(event.transaction, found.status, now, found.headers)
            return
        if event.request.method != "REGISTER":
            self.engine.respond_status(event.transaction, 200, now)
            return
        decision = self.registrar.decide(event.request, event.flow, found.identity, now)
        status = 200 if isinstance(decision, Accepted) else decision.status
        self.engine.respond_status(event.transaction, status, now, decision.headers)
        if isinstance(decision, Accepted):
            for fact in decision.facts:
                self._publish(fact)


@asynccontextmanager
async def registrar_site(
    *credentials: Credential,
    limits: Limits | None = None,
    options: AuthOptions | None = None,
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[RegistrarSite]:
    """Run one on loopback: UDP and TCP, TLS with `context`; `site.port` names the ports."""
    by_name = {each.username: each for each in credentials}
    site = RegistrarSite(by_name, limits, options or AuthOptions())
    async with AsyncExitStack() as stack:
        stack.callback(site.driver.close)
        wire = await udp.listen(site.driver, LOCAL, 0, site.gate)
        stack.callback(wire.close)
        stream = await tcp.listen(site.driver, LOCAL, 0, site.gate)
        stack.push_async_callback(stream.aclose)
        site.port = {"udp": wire.address[1], "tcp": stream.address[1]}
        if context is not None:
            secure = await tls.listen(site.driver, LOCAL, 0, site.gate, context)
            stack.push_async_callback(secure.aclose)
            site.port["tls"] = secure.address[1]
        yield site

"""One trunk on the driver: its flow and listener, its REGISTER and OPTIONS, and whose flows are its own."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, cast

from pbx.sip.engine import Engine
from pbx.sip.errors import PeerError
from pbx.sip.flow import Flow
from pbx.sip.message import Response
from pbx.sip.proof import Proof
from pbx.transport import tcp, tls, udp
from pbx.transport.connect import connect
from pbx.transport.driver import Channel, Driver
from pbx.transport.gate import Gate
from pbx.trunks.finding import Place, Search, search
from pbx.trunks.line import Line, LineState, Wish
from pbx.trunks.trunk import Trunk

log = logging.getLogger("doorline.trunks")

CSEQ_STEP = 10
"""A challenged REGISTER uses up several numbers."""

CONNECT_SECONDS = 5.0
REJECTED = frozenset({401, 403, 407})


class Finder(Protocol):
    """Carries searches for places through."""

    async def places(self, search: Search) -> list[Place]:
        """The places, best first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every link stands on.

    `host`: the address that listeners bind; `server_context` and `client_context`: TLS of either side, made
    when first needed; `spawn` runs a coroutine beside us; `chance` gives a number from 0 to 1.
    """

    engine: Engine
    driver: Driver
    gate: Gate
    finder: Finder
    host: str
    token: Callable[[], str]
    chance: Callable[[], float]
    spawn: Callable[[Coroutine[Any, Any, None]], object]
    server_context: Callable[[], ssl.SSLContext]
    client_context: Callable[[], ssl.SSLContext]


class Listener(Protocol):
    """A bound socket of any transport."""

    address: tuple[str, int]

    def close(self) -> None:
        """Close it."""


class Link:
    """A trunk that is in use. `changed` hears of each change of its state."""

    def __init__(self, trunk: Trunk, ground: Ground, changed: Callable[[Link, float], None]) -> None:
        self.trunk = trunk
        self.flow: Flow | None = None
        self.calls = 0
        self.line = Line(trunk.kind == "registering", float(trunk.options_seconds), ground.chance)
        self.proof = Proof(trunk.realm, trunk.username, trunk.password, ground.token)
        self._ground = ground
        self._changed = changed
        self._told: tuple[LineState, str] = (LineState.AWAY, "")
        self._listener: Any = None
        self._places: list[Place] = []
        self._tries = 0
        self._call_id, self._cseq = ground.token(), 0
        self._ended = False

    def start(self, now: float) -> None:
        """Begin to look for the carrier."""
        self._do(self.line.start(now), now)

    def close(self, now: float) -> None:
        """Unregister and let go of everything; calls that run keep their flow until they end."""
        if self._ended:
            return
        if self.line.up and self.trunk.kind == "registering":
            self._register(now, 0)
            self._ground.driver.drain(now)
        self._ended = True
        self._drop()
        if self._listener is not None:
            self._listener.close()

    def owns(self, flow: Flow) -> bool:
        """Whether a flow came by this trunk's listener, or is its own."""
        if flow is self.flow:
            return True
        listener = self._listener
        return listener is not None and flow.local[1] == listener.address[1] and flow.channel is not None

    def trusts(self, flow: Flow) -> bool:
        """Whether the carrier itself speaks by this flow."""
        host = flow.remote[0]
        return flow is self.flow or host in {p.host for p in self._places} or self.trunk.sends_from(host)

    def connected(self, flow: Flow, now: float) -> None:
        """There is a flow to the carrier."""
        flow.identity = self
        self.flow = flow
        self._do(self.line.connected(now), now)

    def lost(self, flow: Flow, now: float) -> None:
        """A connection is gone."""
        if flow is self.flow:
            self.flow = None
            self._do(self.line.failed("connection lost", now), now)

    def doubted(self, now: float) -> None:
        """A call by it found nobody, or was told that there is no room."""
        self._do(self.line.doubted(now), now)

    def next_deadline(self) -> float | None:
        """When it wants to do something by itself."""
        return None if self._ended else self.line.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        self._do(self.line.handle_timeout(now), now)

    def way(self) -> Flow | None:
        """How to reach the carrier for a call, also while it does not answer; None when there is no way."""
        if self.flow is not None and self.flow.alive:
            return self.flow
        place = self._places[0] if self._places else None
        if place is None or place.transport != "udp" or not isinstance(self._listener, udp.UdpListener):
            return None
        return self._listener.flow_to(place.host, place.port) if not self._listener.closed else None

    # What the line wants.

    def _do(self, wishes: list[Wish], now: float) -> None:
        for wish in wishes:
            match wish:
                case Wish.CONNECT:
                    self._ground.spawn(self._connect())
                case Wish.REGISTER:
                    self._register(now, self.trunk.expires)
                case Wish.PING:
                    self._ping(now)
                case Wish.DROP:
                    self._drop()
        state = (self.line.state, self.line.cause)
        if state != self._told and not self._ended:
            self._told = state
            self._changed(self, now)

    async def _connect(self) -> None:
        trunk, ground = self.trunk, self._ground
        try:
            found = await ground.finder.places(search(trunk.host, trunk.port, trunk.transport, ground.chance))
            self._places = found or self._places
            if not self._places:
                raise OSError("its name leads nowhere")
            place = self._places[self._tries % len(self._places)]
            self._tries += 1
            flow = await self._flow(place)
        except (OSError, ssl.SSLError) as fault:
            log.warning("trunk %s: no connection: %s", trunk.ref, fault)
            self._after(lambda now: self.line.failed("no connection", now))
            return
        if self._ended:
            cast("Channel", flow.channel).close(flow)
            return
        now = ground.driver.clock()
        self.connected(flow, now)
        ground.driver.drain(now)

    async def _flow(self, place: Place) -> Flow:
        ground, trunk = self._ground, self.trunk
        if place.transport == "udp":
            listener = await self._listen_udp(place)
            return listener.flow_to(place.host, place.port)
        if trunk.kind == "peered" and trunk.listen_port and self._listener is None:
            self._listener = await self._listen_stream(place.transport == "tls")
        context = ground.client_context() if place.transport == "tls" else None
        return await connect(
            ground.driver,
            place.transport,
            place.host,
            place.port,
            gate=ground.gate,
            context=context,
            server_name=place.name,
            seconds=CONNECT_SECONDS,
        )

    async def _listen_udp(self, place: Place) -> udp.UdpListener:
        if isinstance(self._listener, udp.UdpListener) and not self._listener.closed:
            return self._listener
        ground = self._ground
        host = "::" if ":" in place.host and ground.host == "0.0.0.0" else ground.host
        self._listener = listener = await udp.listen(ground.driver, host, self.trunk.listen_port, ground.gate)
        return listener

    async def _listen_stream(self, secure: bool) -> Any:
        ground, port = self._ground, self.trunk.listen_port
        if secure:
            return await tls.listen(ground.driver, ground.host, port, ground.gate, ground.server_context())
        return await tcp.listen(ground.driver, ground.host, port, ground.gate)

    def _after(self, step: Callable[[float], list[Wish]]) -> None:
        """Take a step of the line outside any event."""
        now = self._ground.driver.clock()
        if not self._ended:
            self._do(step(now), now)
            self._ground.driver.drain(now)

    def _drop(self) -> None:
        flow, self.flow = self.flow, None
        if flow is not None and flow.alive and flow.transport != "udp":
            cast("Channel", flow.channel).close(flow)

    # Requests.

    def _register(self, now: float, seconds: int) -> None:
        if self.flow is None:
            return
        trunk, engine = self.trunk, self._ground.engine
        address = f"<sip:{trunk.username}@{trunk.from_domain}>"
        place = engine.contact(self.flow).partition("sip:")[2].rstrip(">")
        headers = [("Contact", f"<sip:{trunk.username}@{place}>"), ("Expires", str(seconds))]
        target = f"sip:{trunk.uri_host}"
        request = engine.build_request("REGISTER", target, from_=address, to=address, headers=headers)
        self._cseq += CSEQ_STEP
        request.headers.set("Call-ID", self._call_id)
        request.headers.set("CSeq", f"{self._cseq} REGISTER")
        asked = _Register(self, self.flow) if seconds else None
        engine.send_request(request, self.flow, now, asked, answer_challenge=self.proof.answer)

    def _ping(self, now: float) -> None:
        if self.flow is None:
            return
        trunk, engine = self.trunk, self._ground.engine
        from_ = f"<sip:{trunk.username or 'ping'}@{trunk.from_domain}>"
        target = f"sip:{trunk.uri_host}"
        request = engine.build_request("OPTIONS", target, from_=from_, to=f"<{target}>")
        asked = _Ping(self, self.flow)
        engine.send_request(request, self.flow, now, asked, answer_challenge=self.proof.answer)

    def registered(self, response: Response, now: float) -> None:
        """The carrier answered a REGISTER."""
        status = response.status
        if status < 300:
            self.line.accepted(_granted(response, self.trunk.expires), now)
            self._do([], now)
        elif status == 423:
            self._do(self.line.failed("interval too brief", now), now)
        else:
            realm = self.proof.strange_realm
            cause = f"realm {realm!r} is not this trunk's" if realm else f"{status} {response.reason}"[:64]
            self._do(self.line.failed(cause, now, rejected=status in REJECTED), now)

    def pinged(self, status: int, now: float) -> None:
        """It answered OPTIONS; only "no service" means that it is not there for calls."""
        if status in (408, 503):
            self._do(self.line.failed(f"{status} to OPTIONS", now), now)
            return
        self.line.heard(now)
        self._do([], now)


@dataclass(slots=True, eq=False)
class _Register:
    """The context of a REGISTER."""

    link: Link
    flow: Flow

    def answered(self, response: Response, now: float) -> None:
        if self.flow is self.link.flow:
            self.link.registered(response, now)

    def failed(self, status: int, now: float) -> None:
        """The line has waited less long than this."""


@dataclass(slots=True, eq=False)
class _Ping:
    """The context of an OPTIONS."""

    link: Link
    flow: Flow

    def answered(self, response: Response, now: float) -> None:
        if self.flow is self.link.flow:
            self.link.pinged(response.status, now)

    def failed(self, status: int, now: float) -> None:
        """The line has waited less long than this."""


def _granted(response: Response, asked: int) -> float:
    """For how long we are registered: what the Contact, else Expires, else we said."""
    try:
        contact = response.contact
    except PeerError:
        contact = None
    text = (contact.params.get("expires") if contact is not None else None) or response.headers.get("Expires")
    return float(text) if text is not None and text.isdecimal() and len(text) < 7 else float(asked)

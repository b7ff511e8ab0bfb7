"""Our line to the PBX: the flow, the REGISTER and OPTIONS that keep it, and the clock its answers teach."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, cast

from intercom import VERSION
from intercom.clock import CivilClock
from intercom.phone.registration import ANSWER_SECONDS, Registration, State, Wish
from intercom.settings import Settings
from pbx.sip.flow import Flow
from pbx.sip.message import Response
from pbx.sip.proof import Proof
from pbx.transport import tls
from pbx.transport.connect import connect
from pbx.transport.driver import Channel, Driver

_log = logging.getLogger(__name__)

# A name space of our own: one account is one instance (RFC 5626 section 4.1), also after a restart.
_INSTANCES = uuid.UUID("6f1c2a5e-0d0b-5b57-9b8e-2f6f3c1d7a10")
# A challenged REGISTER uses up several numbers.
_CSEQ_STEP = 10


class Line:
    """Keeps one registration on one flow; a `Timed` for the driver.

    Args:
        run: the user part of our Contact, random per process (see `intercom.order`).
        clock: learns from each accepted REGISTER.
        spawn: runs a coroutine beside us.
        tell: hears "registered" and "away".
    """

    def __init__(
        self,
        settings: Settings,
        driver: Driver,
        clock: CivilClock,
        proof: Proof,
        *,
        run: str,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        tell: Callable[[str], None],
    ) -> None:
        self._server, self._account = settings.server, settings.account
        self._driver, self._clock, self._proof = driver, clock, proof
        self._run, self._spawn, self._tell = run, spawn, tell
        self._registration = Registration(settings.account.keepalive_seconds, random.SystemRandom().random)
        self.flow: Flow | None = None
        self._call_id, self._cseq = uuid.uuid4().hex, 0
        self._attempt: _Register | None = None
        self._registered = False

    @property
    def registered(self) -> bool:
        """Whether the PBX knows where we are."""
        return self._registered

    def start(self, now: float) -> None:
        """Begin to connect."""
        self._perform(self._registration.start(now), now)

    def stop(self, now: float) -> None:
        """Take our binding away, as well as one datagram can, and close."""
        if self._registered:
            self._register(now, seconds=0)
            self._driver.drain(now)
        self._registration.stop()
        self._drop()

    def flow_lost(self, flow: Flow, now: float) -> None:
        """The driver says that a connection is gone."""
        if flow is self.flow:
            self._drop()
            self._perform(self._registration.lost(now), now)
            self._report()

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return self._registration.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """Refresh, ping, or try again."""
        self._perform(self._registration.handle_timeout(now), now)
        self._report()

    def _perform(self, wishes: list[Wish], now: float) -> None:
        for wish in wishes:
            match wish:
                case Wish.CONNECT:
                    self._spawn(self._connect())
                case Wish.REGISTER:
                    self._register(now, seconds=self._account.register_seconds)
                case Wish.PING:
                    self._ping(now)
                case Wish.DROP:
                    self._drop()

    async def _connect(self) -> None:
        self._drop()
        try:
            flow = await self._open()
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be one
            _log.warning("no connection to %s: %s", self._server.host, error)
            self._after(self._registration.failed)
            return
        if self._registration.state is not State.CONNECTING:
            _close(flow)  # stopped meanwhile
            return
        self.flow = flow
        self._after(self._registration.connected)

    async def _open(self) -> Flow:
        server = self._server
        context = tls.client_context(ca=server.ca_file) if server.transport == "tls" else None
        return await connect(
            self._driver,
            server.transport,
            server.host,
            server.port,
            context=context,
            seconds=ANSWER_SECONDS,
        )

    def _after(self, step: Callable[[float], list[Wish]]) -> None:
        now = self._driver.clock()
        self._perform(step(now), now)
        self._driver.drain(now)

    def _drop(self) -> None:
        gone, self.flow, self._attempt = self.flow, None, None
        if gone is not None:
            self._driver.flow_lost(gone)  # what waits on it ends now
            _close(gone)

    def _register(self, now: float, *, seconds: int) -> None:
        flow = self.flow
        if flow is None:
            return
        site, username = self._server.site, self._account.username
        host = f"[{flow.local[0]}]" if ":" in flow.local[0] else flow.local[0]
        instance = uuid.uuid5(_INSTANCES, f"{username}@{site}")
        contact = f"<sip:{self._run}@{host}:{flow.local[1]};transport={flow.transport}>"
        address = f"<sip:{username}@{site}>"
        request = self._driver.engine.build_request(
            "REGISTER",
            f"sip:{site}",
            from_=address,
            to=address,
            headers=(
                ("Contact", f'{contact};+sip.instance="<urn:uuid:{instance}>";reg-id=1;expires={seconds}'),
                ("Supported", "path, outbound"),
                ("User-Agent", f"Doorline intercom/{VERSION}"),
            ),
        )
        self._cseq += _CSEQ_STEP
        request.headers.set("Call-ID", self._call_id)
        request.headers.set("CSeq", f"{self._cseq} REGISTER")
        self._attempt = _Register(self)
        self._driver.engine.send_request(
            request, flow, now, context=self._attempt, answer_challenge=self._proof.answer
        )

    def _ping(self, now: float) -> None:
        flow, site = self.flow, self._server.site
        if flow is None:
            return
        request = self._driver.engine.build_request(
            "OPTIONS", f"sip:{site}", from_=f"<sip:{self._account.username}@{site}>", to=f"<sip:{site}>"
        )
        self._driver.engine.send_request(request, flow, now, context=_Ping(self._registration))

    def took(self, attempt: _Register, response: Response, now: float) -> None:
        """The answer to a REGISTER; of an earlier attempt it means nothing any more."""
        if attempt is not self._attempt:
            return
        if response.status >= 300:
            _log.warning("registration refused: %d %s", response.status, response.reason)
            wait = response.headers.get("Retry-After") or ""
            seconds = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 5 else 0.0
            self._perform(self._registration.failed(now, seconds), now)
        else:
            self._learn(response, now)
            if self.flow is not None:
                self.flow.identity = (
                    self._server
                )  # it took our proof: no stranger's limits for its connection
            self._registration.accepted(_granted(response, self._run, self._account.register_seconds), now)
        self._report()

    def gave_up(self, attempt: _Register, now: float) -> None:
        """No answer to a REGISTER."""
        if attempt is self._attempt:
            self._perform(self._registration.failed(now), now)
            self._report()

    def _learn(self, response: Response, now: float) -> None:
        step = self._clock.learn(response.headers.get("Date") or "", now)
        if step is None:
            _log.warning("the PBX's answer tells no time")
        elif step:
            _log.warning("our clock differs from the PBX's by %.0f s: using the PBX's", step)

    def _report(self) -> None:
        state = self._registration.state
        if state is State.REGISTERED and not self._registered:
            self._registered = True
            self._tell("registered")
        elif state in (State.AWAY, State.CONNECTING) and self._registered:
            self._registered = False
            self._tell("away")


def _close(flow: Flow) -> None:
    channel: Channel = cast(Channel, flow.channel)
    channel.close(flow)


class _Register:
    """The context of one REGISTER."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def answered(self, response: Response, now: float) -> None:
        self._line.took(self, response, now)

    def failed(self, status: int, now: float) -> None:
        self._line.gave_up(self, now)


class _Ping:
    """The context of one OPTIONS: any answer at all is a sign of life."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration

    def answered(self, response: Response, now: float) -> None:
        self._registration.heard(now)

    def failed(self, status: int, now: float) -> None:
        """The registration's own time is shorter."""


def _granted(response: Response, run: str, asked: int) -> float:
    """For how many seconds our own contact was taken."""
    for value in response.headers.values("Contact"):
        if f"sip:{run}@" not in value:
            continue
        for parameter in value.rpartition(">")[2].split(";"):
            name, _, text = parameter.partition("=")
            if name.strip().lower() == "expires" and text.strip().isdigit():
                return float(min(int(text.strip()[:6]), 3600))
    return float(asked)

"""Gives each event of the SIP engine to the room that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from pbx.auth import Refused as NotGranted
from pbx.auth.guests import is_guest
from pbx.doors import reports
from pbx.facts import Facts, Registered
from pbx.registrar.register import Accepted
from pbx.sip import events as sip
from pbx.sip.errors import PeerError

if TYPE_CHECKING:
    from pbx.auth import Authenticator, Identity
    from pbx.calls.switchboard import Switchboard
    from pbx.doors.doorkeeper import Doorkeeper
    from pbx.registrar.register import Registrar
    from pbx.sip.engine import Engine
    from pbx.sip.message import Response
    from pbx.trunks.entrance import Entrance

ALLOW = (("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, MESSAGE, INFO, UPDATE, PRACK"),)


class Awaiting(Protocol):
    """The context of a request that somebody sent and waits for."""

    def answered(self, response: Response, now: float) -> None:
        """The final response came."""

    def failed(self, status: int, now: float) -> None:
        """None came: 408 or 503."""


Take = Callable[[sip.RequestReceived, "Identity", float], None]
"""Answers one signed-in MESSAGE, now or later."""


class Dispatch:
    """The engine's `on_event`.

    Requests outside a dialog are answered here: REGISTER by the registrar, OPTIONS plainly (it is how
    proxies and phones ask whether we live), MESSAGE if an agent reports its inputs, or by whom `messages`
    names for its Content-Type; everything else is not ours to take. What comes by a trunk is `outside`'s.
    """

    def __init__(
        self,
        engine: Engine,
        authenticator: Authenticator,
        registrar: Registrar,
        switchboard: Switchboard,
        doorkeeper: Doorkeeper,
        facts: Facts,
        messages: Mapping[str, Take] | None = None,
        outside: Entrance | None = None,
    ) -> None:
        self._engine = engine
        self._authenticator = authenticator
        self._registrar = registrar
        self._switchboard = switchboard
        self._doorkeeper = doorkeeper
        self._facts = facts
        self._messages = messages or {}
        self._outside = outside

    def __call__(self, event: sip.Event, now: float) -> None:
        """Handle one event."""
        match event:
            case sip.InviteReceived():
                if self._outside is None or not self._outside.invited(event, now):
                    self._switchboard.invite_received(event, now)
            case sip.RequestReceived():
                if self._outside is None or not self._outside.requested(event, now):
                    self._request(event, now)
            case sip.ResponseReceived():
                awaiting(event).answered(event.response, now)
            case sip.RequestFailed():
                awaiting(event).failed(event.status, now)
            case _:
                if self._outside is None or not self._outside.told(event, now):
                    self._switchboard.session_event(event, now)

    def _request(self, event: sip.RequestReceived, now: float) -> None:
        method = event.request.method
        if method == "REGISTER":
            self._register(event, now)
        elif method == "OPTIONS":
            self._engine.respond_status(event.transaction, 200, now, ALLOW)
        elif method == "MESSAGE" and event.request.headers.get("Content-Type") == reports.CONTENT_TYPE:
            self._report(event, now)
        elif method == "MESSAGE" and (take := self._messages.get(_content_type(event))) is not None:
            if (identity := self._authentic(event, now)) is not None:
                take(event, identity, now)
        else:
            self._engine.respond_status(event.transaction, 405, now, ALLOW)

    def _authentic(self, event: sip.RequestReceived, now: float) -> Identity | None:
        """Who is asking; None when that was not proven and has been answered."""
        granted = self._authenticator.check(event.request, event.flow, now)
        if not isinstance(granted, NotGranted):
            if not is_guest(granted.identity.device):
                return granted.identity
            self._engine.respond_status(event.transaction, 403, now)  # a guest's line may call: that is all
            return None
        if granted.fact is not None:
            self._facts.publish(granted.fact)
        self._engine.respond_status(event.transaction, granted.status, now, granted.headers)
        return None

    def _report(self, event: sip.RequestReceived, now: float) -> None:
        identity = self._authentic(event, now)
        if identity is None:
            return
        try:
            report = reports.parse(event.request.body)
        except PeerError as fault:
            self._engine.respond_status(event.transaction, fault.status, now)
            return
        taken = self._doorkeeper.reported(identity.site, identity.device, report, now)
        self._engine.respond_status(event.transaction, 200 if taken else 403, now)

    def _register(self, event: sip.RequestReceived, now: float) -> None:
        identity = self._authentic(event, now)
        if identity is None:
            return
        decision = self._registrar.decide(event.request, event.flow, identity, now)
        if not isinstance(decision, Accepted):
            self._engine.respond_status(event.transaction, decision.status, now, decision.headers)
            return
        self._engine.respond_status(event.transaction, 200, now, decision.headers)
        for fact in decision.facts:
            self._facts.publish(fact)
            if isinstance(fact, Registered):
                self._switchboard.device_registered(fact.site, fact.device, fact.fresh, now)


def _content_type(event: sip.RequestReceived) -> str:
    return (event.request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


class _Nobody:
    """The context of a request whose end interests nobody."""

    def answered(self, response: Response, now: float) -> None:
        """Nothing follows."""

    def failed(self, status: int, now: float) -> None:
        """Nothing follows."""


_NOBODY = _Nobody()


def awaiting(event: sip.ResponseReceived | sip.RequestFailed) -> Awaiting:
    """Who waits for the end of this request."""
    context = event.transaction.context
    return context if context is not None else _NOBODY  # type: ignore[return-value]

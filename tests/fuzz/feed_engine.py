"""Feed of the SIP engine: whatever arrives on a flow, nothing may come out but messages and events."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

from pbx.sip.engine import Engine
from pbx.sip.errors import PeerError
from pbx.sip.events import InviteReceived, RequestReceived
from pbx.sip.flow import Flow
from pbx.sip.message import parse

_LOCAL, _REMOTE = ("192.0.2.1", 5060), ("192.0.2.9", 40000)
_DONE = 200.0
"""Seconds after which every timer of a transaction nobody cares for has run."""


def engine(data: bytes) -> None:
    """Datagrams, parted by a double zero, to a fresh engine; invitations ring and are accepted."""
    token = count()
    one = Engine(token=lambda: f"t{next(token)}")
    flow = Flow("udp", _LOCAL, _REMOTE)
    now = 0.0
    for piece in data.split(b"\0\0")[:8]:
        with suppress(PeerError):
            one.receive(parse(piece), flow, now)
        _answer(one, now)
        now += 0.1
    while (due := one.next_deadline()) is not None and due < _DONE:
        now = max(now, due)
        one.handle_timeout(now)
        _answer(one, now)
    one.flow_lost(flow, now)
    _answer(one, now)


def _answer(one: Engine, now: float) -> None:
    for event in one.events():
        if isinstance(event, InviteReceived):
            event.session.ring(now)
            event.session.accept(b"v=0\r\n", now)
        elif isinstance(event, RequestReceived):
            one.respond_status(event.transaction, 200, now)
    for _, data in one.outbox():
        parse(data)

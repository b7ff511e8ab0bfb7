"""Feed of the SIP engine: whatever arrives on a flow, only messages that parse and events may come out."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

from pbx.sip.engine import Engine
from pbx.sip.errors import PeerError
from pbx.sip.events import InSessionRequest, InviteReceived, OfferReceived, RequestReceived
from pbx.sip.flow import Flow
from pbx.sip.message import Request, parse, response_to

_LOCAL, _REMOTE = ("192.0.2.1", 5060), ("192.0.2.9", 40000)
_DONE = 200.0
"""Seconds after which every timer of a transaction nobody cares for has run."""
_BETWEEN = b"\0\0"
"""Parts datagrams; no head may hold a NUL."""


def engine(data: bytes) -> None:
    """Datagrams to an engine that has just sent an INVITE; whoever calls it is answered."""
    one, flow = _calling()
    _answer(one, 0.0)
    now = 0.1
    for piece in data.split(_BETWEEN)[:8]:
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


def _calling() -> tuple[Engine, Flow]:
    token = count()
    one = Engine(token=lambda: f"t{next(token)}")
    flow = Flow("udp", _LOCAL, _REMOTE)
    one.invite(
        target="sip:flat@192.0.2.9",
        from_="<sip:panel@site.example>",
        to="<sip:flat@site.example>",
        contact=None,
        flow=flow,
        body=b"v=0\r\n",
        now=0.0,
    )
    return one, flow


def _answer(one: Engine, now: float) -> None:
    for event in one.events():
        if isinstance(event, InviteReceived):
            event.session.ring(now)
            event.session.accept(b"v=0\r\n", now)
        elif isinstance(event, OfferReceived):
            event.session.accept_offer(event.transaction, b"v=0\r\n", now)
        elif isinstance(event, RequestReceived | InSessionRequest):
            one.respond_status(event.transaction, 200, now)
    for _, data in one.outbox():
        parse(data)


def _samples() -> list[bytes]:
    one, _ = _calling()
    invite = parse(one.outbox()[0][1])
    assert isinstance(invite, Request)
    answers = []
    for status in (100, 183, 200, 302, 407, 486):
        response = response_to(invite, status, to_tag="" if status == 100 else "theirs")
        for name, value in (
            ("Contact", "<sip:flat@192.0.2.9:40000>"),
            ("Record-Route", "<sip:proxy.example;lr>"),
            ("Require", "100rel"),
            ("RSeq", "7"),
            ("Session-Expires", "90;refresher=uac"),
        ):
            response.headers.add(name, value)
        response.body = b"v=0\r\n"
        answers.append(response.to_bytes())
    dialog = (
        b"Via: SIP/2.0/UDP 192.0.2.9:40000;branch=z9hG4bK%d\r\nFrom: <sip:flat@site.example>;tag=theirs\r\n"
        b"To: <sip:panel@site.example>;tag=%s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\n"
        b"Contact: <sip:flat@192.0.2.9:40000>\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n"
    )
    tag, call = (invite.from_tag or "").encode(), invite.call_id.encode()
    inside = [
        method + b" sip:panel@192.0.2.1 SIP/2.0\r\n" + dialog % (number, tag, call, number, method)
        for number, method in enumerate(
            (b"INFO", b"UPDATE", b"INVITE", b"PRACK", b"MESSAGE", b"REFER", b"BYE")
        )
    ]
    established = _BETWEEN.join(answers[:3])
    return [
        *answers,
        *(established + _BETWEEN + one for one in inside),
        _BETWEEN.join([established, *inside]),
    ]


SAMPLES = {"engine": _samples()}

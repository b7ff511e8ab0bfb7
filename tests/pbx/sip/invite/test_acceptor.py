"""The called side: what we answer, and what we refuse without asking."""

from __future__ import annotations

import pytest

from pbx.sip.events import Cancelled, Established, InviteReceived
from pbx.sip.limits import Limits
from pbx.sip.message import Message, Response
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import Lone


def invited(lone: Lone, **more: object) -> Session:
    lone.ask("INVITE", body=OFFER, **more)
    return lone.take(InviteReceived).session


def only(messages: list[Message]) -> Response:
    (message,) = messages
    assert isinstance(message, Response)
    return message


def test_ring_and_accept_carry_what_they_must() -> None:
    lone = Lone()
    session = invited(lone, headers=[("Record-Route", "<sip:p;lr>"), ("Supported", "timer")])
    session.ring(lone.now, 183, ANSWER, [("X-Door", "1")])
    ring = only(lone.sent())
    assert (ring.status, ring.body, ring.headers.get("X-Door")) == (183, ANSWER, "1")
    assert ring.headers.get("Content-Type") == "application/sdp"
    session.accept(ANSWER, lone.now, [("X-Door", "2")])
    answer = only(lone.sent())
    assert answer.to_tag == ring.to_tag
    assert answer.headers.get("Record-Route") == "<sip:p;lr>"
    assert answer.headers.get("Contact") == "<sip:192.0.2.1:5060;transport=udp>"
    assert answer.headers.get("Session-Expires") == "1800;refresher=uac"
    assert answer.headers.get("Require") == "timer"
    assert "UPDATE" in (answer.headers.get("Allow") or "")
    assert answer.headers.get("X-Door") == "2"
    assert session.state == "accepted"


def test_100_of_our_own_makes_no_dialog() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now, 100)
    assert only(lone.sent()).to_tag is None


def test_verbs_too_late_do_nothing() -> None:
    lone = Lone()
    session = invited(lone)
    session.accept(ANSWER, lone.now)
    lone.sent()
    session.ring(lone.now)
    session.accept(ANSWER, lone.now)
    session.refuse(486, lone.now)
    session.cancel(lone.now)
    session.acknowledge(b"", lone.now)
    assert lone.sent() == []


def test_refuse_carries_further_headers_and_ends() -> None:
    lone = Lone()
    session = invited(lone)
    session.refuse(302, lone.now, [("Contact", "<sip:other@x>")])
    assert only(lone.sent()).headers.get("Contact") == "<sip:other@x>"
    assert session.over
    session.refuse(486, lone.now)
    session.end(lone.now)
    assert lone.sent() == []
    assert lone.silent()


def test_end_before_the_answer_is_480() -> None:
    lone = Lone()
    session = invited(lone)
    session.end(lone.now, [("Reason", "SIP;cause=480")])
    assert only(lone.sent()).status == 480


def test_expires_ends_the_invite_with_487() -> None:
    lone = Lone()
    session = invited(lone, headers=[("Expires", "30")])
    lone.advance(29.9)
    assert session.state == "incoming"
    assert only(lone.advance(0.2)[:1]).status == 487
    assert lone.take(Cancelled).session is session


def test_our_own_limit_holds_without_expires() -> None:
    lone = Lone(limits=Limits(invite_seconds=60))
    invited(lone, headers=[("Expires", "4000")])
    lone.advance(60)
    lone.take(Cancelled)


def test_accept_stops_the_clock_of_expires() -> None:
    lone = Lone()
    session = invited(lone, headers=[("Expires", "5")])
    session.accept(ANSWER, lone.now)
    tag = only(lone.sent()).to_tag
    lone.ask("ACK", to_tag=tag)
    lone.take(Established)
    lone.advance(60)
    assert session.state == "established"
    assert lone.silent()


def test_early_bye_of_the_caller_ends_the_invite() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now)
    tag = only(lone.sent()).to_tag
    assert lone.titles(lone.ask("BYE", number=2, to_tag=tag)) == ["200 BYE", "487 INVITE"]
    assert lone.take(Cancelled).session is session


def test_a_lost_flow_cancels() -> None:
    lone = Lone("tcp")
    session = invited(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.take(Cancelled).session is session
    assert lone.empty()


def test_an_offer_of_ours_is_answered_in_the_ack() -> None:
    lone = Lone()
    lone.ask("INVITE")
    session = lone.take(InviteReceived).session
    session.accept(OFFER, lone.now)
    tag = only(lone.sent()).to_tag
    lone.ask("ACK", to_tag=tag, body=ANSWER)
    assert lone.take(Established).ack.body == ANSWER
    assert session.remote_body == ANSWER
    lone.ask("ACK", to_tag=tag, body=b"other")
    assert lone.silent()
    assert session.remote_body == ANSWER


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Session-Expires", "60"), ("Supported", "timer")], 422),
        ([("Session-Expires", "soon")], 400),
        ([("Min-SE", "x")], 400),
        ([("Expires", "never")], 400),
        ([("Record-Route", '"')], 400),
        ([("Require", "teleport, 100rel")], 420),
    ],
)
def test_what_cannot_be_served_is_refused_without_asking(headers: list[tuple[str, str]], status: int) -> None:
    lone = Lone()
    answer = only(lone.ask("INVITE", headers=headers, body=OFFER))
    assert answer.status == status
    assert lone.silent()
    if status == 422:
        assert answer.headers.get("Min-SE") == "90"
    if status == 420:
        assert answer.headers.get("Unsupported") == "teleport"
    lone.advance(64)
    assert lone.empty()


def test_an_invite_without_contact_is_400() -> None:
    lone = Lone()
    request = lone.write("INVITE")
    request.headers.remove("Contact")
    assert only(lone.give(request)).status == 400


def test_too_many_sessions_are_503_with_retry_after() -> None:
    lone = Lone(limits=Limits(sessions=1))
    invited(lone)
    answer = only(lone.ask("INVITE", call_id="second", body=OFFER))
    assert (answer.status, answer.headers.get("Retry-After")) == (503, "5")
    assert lone.silent()


def test_ack_with_another_number_is_not_ours() -> None:
    lone = Lone()
    session = invited(lone)
    session.accept(ANSWER, lone.now)
    tag = only(lone.sent()).to_tag
    lone.ask("ACK", to_tag=tag, number=9)
    assert lone.silent()
    assert session.state == "accepted"

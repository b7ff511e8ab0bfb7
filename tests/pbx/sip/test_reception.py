"""Where messages belong, and what is refused at the door."""

from __future__ import annotations

import pytest

from pbx.sip.engine import Engine
from pbx.sip.events import Answered, InviteReceived, Refused, RequestReceived
from pbx.sip.flow import Flow
from pbx.sip.limits import Limits
from pbx.sip.message import Request, Response, parse, response_to
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import LOCAL, Lone, status_of


@pytest.mark.parametrize("method", ["REGISTER", "OPTIONS", "MESSAGE", "INFO"])
def test_requests_outside_dialogs_are_the_users(method: str) -> None:
    lone = Lone()
    assert lone.ask(method) == []
    event = lone.take(RequestReceived)
    assert (event.request.method, event.flow) == (method, lone.flow)


@pytest.mark.parametrize("method", ["SUBSCRIBE", "PUBLISH", "REFER", "NOTIFY", "JUMP"])
def test_unknown_methods_are_405_with_allow(method: str) -> None:
    (answer,) = Lone().ask(method)
    assert isinstance(answer, Response)
    assert answer.status == 405
    assert "INVITE" in (answer.headers.get("Allow") or "")
    assert answer.to_tag


@pytest.mark.parametrize("method", ["BYE", "PRACK", "UPDATE", "CANCEL"])
def test_what_belongs_to_a_call_is_481_outside(method: str) -> None:
    assert status_of(Lone().ask(method)) == 481


@pytest.mark.parametrize("method", ["BYE", "INFO", "INVITE", "OPTIONS", "MESSAGE"])
def test_an_unknown_dialog_is_481(method: str) -> None:
    lone = Lone()
    assert status_of(lone.ask(method, to_tag="nobody")) == 481
    assert lone.ask("ACK", to_tag="nobody") == []
    assert lone.empty()


def test_register_with_a_to_tag_is_still_a_register() -> None:
    lone = Lone()
    lone.ask("REGISTER", to_tag="odd")
    lone.take(RequestReceived)


def test_the_right_tag_in_another_call_is_481() -> None:
    lone = Lone()
    lone.ask("INVITE", body=OFFER)
    lone.take(InviteReceived).session.ring(lone.now)
    (ring,) = lone.sent()
    assert status_of(lone.ask("INFO", number=2, to_tag=ring.to_tag, call_id="other")) == 481
    assert status_of(lone.ask("INFO", number=2, to_tag=ring.to_tag, from_tag="other")) == 481


def test_an_unknown_method_inside_is_405_and_an_old_number_500() -> None:
    lone = Lone()
    lone.ask("INVITE", number=5, body=OFFER)
    session = lone.take(InviteReceived).session
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    assert status_of(lone.ask("JUMP", number=6, to_tag=ok.to_tag)) == 405
    assert status_of(lone.ask("INFO", number=4, to_tag=ok.to_tag)) == 500
    assert status_of(lone.ask("INFO", number=7, to_tag=ok.to_tag, headers=[("Require", "x")])) == 420


def test_a_request_by_two_paths_is_482() -> None:
    lone = Lone()
    assert status_of(lone.ask("INVITE", body=OFFER)) == 100
    assert status_of(lone.ask("INVITE", body=OFFER)) == 482
    lone.take(InviteReceived)
    assert lone.silent()
    assert lone.ask("MESSAGE", call_id="m") == []
    assert status_of(lone.ask("MESSAGE", call_id="m")) == 482


def test_our_own_invite_come_back_is_482() -> None:
    lone = Lone()
    _, invite = lone.invite()
    assert status_of(lone.ask("INVITE", call_id=invite.call_id, from_tag=invite.from_tag)) == 482


@pytest.mark.parametrize(
    ("method", "status"), [("INVITE", 483), ("MESSAGE", 483), ("OPTIONS", 0), ("REGISTER", 0)]
)
def test_max_forwards_of_zero(method: str, status: int) -> None:
    lone = Lone()
    request = lone.write(method)
    request.headers.set("Max-Forwards", "0")
    messages = lone.give(request)
    if status:
        assert status_of(messages) == status
    else:
        lone.take(RequestReceived)


def test_required_extensions_that_we_have_are_no_obstacle() -> None:
    lone = Lone()
    lone.ask("REGISTER", headers=[("Require", "path, outbound")])
    lone.take(RequestReceived)


def test_too_many_transactions_are_503() -> None:
    lone = Lone(limits=Limits(transactions=1, retry_after=7))
    lone.ask("OPTIONS")
    (answer,) = lone.ask("OPTIONS", call_id="other")
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers.get("Retry-After")) == (503, "7")


def test_calls_that_are_not_welcome_get_503_and_leave_no_transaction() -> None:
    """Those who have answered a challenge come in for longer."""
    lone = Lone()
    lone.engine.turn_away(lambda has_credentials: 0 if has_credentials else 5)
    (answer,) = lone.ask("INVITE", body=OFFER)
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers.get("Retry-After")) == (503, "5")
    assert lone.ask("ACK") == []
    assert lone.empty()
    lone.ask("OPTIONS", call_id="other")
    lone.take(RequestReceived)
    lone.ask("INVITE", body=OFFER, call_id="third", headers=[("Authorization", "Digest x")])
    lone.take(InviteReceived)


@pytest.mark.parametrize(
    ("name", "value"),
    [("To", "<sip:x>;tag="), ("From", "<sip:x"), ("Via", "nonsense"), ("From", '"'), ("Contact", "<<")],
)
def test_what_cannot_be_read_is_400_or_dropped(name: str, value: str) -> None:
    for method in ("INVITE", "BYE", "ACK", "CANCEL", "REGISTER"):
        lone = Lone()
        request = lone.write(method, body=OFFER)
        request.headers.set(name, value)
        answers = [message for message in lone.give(request) if isinstance(message, Response)]
        assert all(answer.status in (100, 400, 481) for answer in answers)
        lone.advance(300)
        assert lone.empty(), (method, name)


@pytest.mark.parametrize(
    ("name", "value"), [("Via", "nonsense"), ("CSeq", "x"), ("To", "<<"), ("Contact", "<<")]
)
def test_responses_that_cannot_be_read_are_dropped(name: str, value: str) -> None:
    lone = Lone()
    _, invite = lone.invite()
    for status in (180, 200, 404):
        response = response_to(invite, status, to_tag="x")
        response.headers.set(name, value)
        lone.engine.receive(response, lone.flow, lone.now)
    lone.advance(300)
    assert lone.empty()


def test_a_stray_response_is_dropped() -> None:
    lone = Lone()
    assert lone.give(response_to(lone.write("OPTIONS"), 200)) == []
    assert lone.silent()


def test_a_peer_of_rfc_2543_is_matched_without_a_magic_branch() -> None:
    lone = Lone()
    invite = lone.write("INVITE", branch="1", body=OFFER)
    assert status_of(lone.give(invite)) == 100
    assert status_of(lone.give(invite)) == 100
    lone.ask("INVITE", branch="1", call_id="other", body=OFFER)
    assert lone.take(InviteReceived).request.call_id != lone.take(InviteReceived).request.call_id
    assert lone.titles(lone.ask("CANCEL", branch="1")) == ["200 CANCEL", "487 INVITE"]


def test_cancel_after_the_final_response_changes_nothing() -> None:
    lone = Lone()
    invite = lone.write("INVITE", body=OFFER)
    lone.give(invite)
    session = lone.take(InviteReceived).session
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    (answer,) = lone.ask("CANCEL", branch=invite.branch)
    assert isinstance(answer, Response)
    assert (answer.status, answer.to_tag) == (200, ok.to_tag)
    assert session.state == "accepted"


def test_cancel_of_a_refused_invite_is_200() -> None:
    lone = Lone()
    invite = lone.write("INVITE", headers=[("Session-Expires", "60"), ("Supported", "timer")])
    assert status_of(lone.give(invite)) == 422
    assert status_of(lone.ask("CANCEL", branch=invite.branch)) == 200


def test_the_session_follows_the_flow_its_peer_speaks_by() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    other = Flow("udp", LOCAL, ("203.0.113.5", 9999))
    info = lone.write("INFO", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id)
    lone.engine.receive(info, other, lone.now)
    assert session.flow is other
    forged = lone.write("INFO", number=2, to_tag=invite.from_tag, from_tag="guess", call_id=invite.call_id)
    lone.engine.receive(forged, lone.flow, lone.now)
    lone.sent()
    session.end(lone.now)
    ((flow, data),) = lone.engine.outbox()
    assert flow is other
    bye = parse(data)
    assert isinstance(bye, Request)
    # The Contact names the Request-URI, never the way (security S17).
    assert bye.uri == "sip:callee@198.51.100.7:5070"


def test_an_ack_by_another_flow_moves_the_session() -> None:
    lone = Lone()
    lone.ask("INVITE", body=OFFER)
    session = lone.take(InviteReceived).session
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    other = Flow("udp", LOCAL, ("203.0.113.5", 9999))
    lone.engine.receive(lone.write("ACK", to_tag=ok.to_tag), other, lone.now)
    assert session.flow is other


def test_a_refusal_of_ours_is_told_only_once_per_flow_loss() -> None:
    lone = Lone("tcp")
    lone.invite()
    lone.engine.flow_lost(lone.flow, lone.now)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.take(Refused).status == 503
    assert lone.silent()


@pytest.mark.parametrize(
    ("via", "port"),
    [
        ("198.51.100.7:5099;branch=z9hG4bKx", 5099),
        ("10.0.0.1:5099;branch=z9hG4bKx", 5099),
        ("198.51.100.7;branch=z9hG4bKx", 5060),
        ("198.51.100.7:5070;branch=z9hG4bKx", 5070),
        ("198.51.100.7 : 5070;branch=z9hG4bKx", 5070),
        ("10.0.0.1:5099;branch=z9hG4bKx;rport", 5070),
    ],
)
def test_without_rport_the_answer_goes_to_the_port_of_via(via: str, port: int) -> None:
    lone = Lone()
    engine = Engine(token=lambda: "t", reply_flow=lambda flow, address: Flow("udp", flow.local, address))
    request = lone.write("JUMP")
    request.headers.set("Via", f"SIP/2.0/UDP {via}")
    engine.receive(request, lone.flow, 0.0)
    ((flow, _),) = engine.outbox()
    assert flow.remote == ("198.51.100.7", port)
    assert (flow is lone.flow) is (port == 5070)


def test_connections_are_answered_by_themselves() -> None:
    lone = Lone("tcp")
    engine = Engine(token=lambda: "t", reply_flow=lambda flow, address: Flow("udp", flow.local, address))
    request = lone.write("JUMP")
    request.headers.set("Via", "SIP/2.0/TCP 198.51.100.7:5099;branch=z9hG4bKx")
    engine.receive(request, lone.flow, 0.0)
    ((flow, _),) = engine.outbox()
    assert flow is lone.flow

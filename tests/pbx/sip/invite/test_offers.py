"""Re-INVITE and UPDATE of either side (RFC 3261 section 14, RFC 3311)."""

from __future__ import annotations

import pytest

from pbx.sip.events import (
    Answered,
    Ended,
    Established,
    InviteReceived,
    OfferAnswered,
    OfferReceived,
    OfferRefused,
)
from pbx.sip.message import Message, Request, Response
from tests.support.ladder import ANSWER, OFFER, SECOND
from tests.support.lone import Lone


def only(messages: list[Message]) -> Request:
    (message,) = messages
    assert isinstance(message, Request)
    return message


class Call:
    """An established session of the engine, and the peer's side of its dialog."""

    def __init__(self, calls: bool, allow: str = "INVITE, UPDATE", **more: object) -> None:
        self.lone = lone = Lone(**more)  # type: ignore[arg-type]
        self.number = 1
        if calls:
            self.session, invite = lone.invite(
                answer_challenge=lambda response, request: [("Authorization", "x")]
            )
            lone.answer(invite, 200, headers=[("Allow", allow)], body=ANSWER)
            lone.take(Answered)
            self.call_id, self.ours, self.theirs = invite.call_id, invite.from_tag or "", "callee"
        else:
            lone.ask("INVITE", body=OFFER, headers=[("Allow", allow)])
            self.session = lone.take(InviteReceived).session
            self.session.accept(ANSWER, lone.now)
            (ok,) = lone.sent()
            self.call_id, self.ours, self.theirs = ok.call_id, ok.to_tag or "", "peer"
            lone.ask("ACK", to_tag=self.ours)
            lone.take(Established)

    def ask(self, method: str, **more: object) -> list[Message]:
        """A request of the peer in the dialog."""
        if method not in ("ACK", "CANCEL"):
            self.number += 1
        return self.lone.ask(
            method,
            number=self.number,
            to_tag=self.ours,
            from_tag=self.theirs,
            call_id=self.call_id,
            **more,
        )


@pytest.fixture(params=[True, False], ids=["caller", "callee"])
def call(request: pytest.FixtureRequest) -> Call:
    return Call(request.param)


def test_a_reinvite_of_ours_is_answered_and_acknowledged(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    invite = only(lone.sent())
    assert (invite.method, invite.body) == ("INVITE", SECOND)
    lone.answer(invite, 180, tag=call.theirs)
    (ack,) = lone.answer(invite, 200, body=ANSWER, headers=[("Contact", "<sip:moved@198.51.100.7>")])
    assert isinstance(ack, Request)
    assert (ack.method, ack.cseq.number, ack.uri) == ("ACK", invite.cseq.number, "sip:moved@198.51.100.7")
    assert lone.take(OfferAnswered).session is call.session
    assert (call.session.local_body, call.session.remote_body) == (SECOND, ANSWER)
    assert lone.titles(lone.answer(invite, 200, body=ANSWER)) == ["ACK"]
    assert lone.silent()


def test_a_reinvite_of_ours_refused(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    assert lone.titles(lone.answer(only(lone.sent()), 488)) == ["ACK"]
    assert lone.take(OfferRefused).status == 488
    assert call.session.local_body != SECOND
    assert call.session.state == "established"


@pytest.mark.parametrize("status", [408, 481])
def test_a_reinvite_that_tells_the_dialog_is_gone_ends_the_session(call: Call, status: int) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    assert lone.titles(lone.answer(only(lone.sent()), status)) == ["ACK", "BYE"]
    assert lone.take(Ended).cause == "timeout"


def test_a_reinvite_nobody_answers_ends_the_session(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    sent = lone.advance(32)
    assert lone.titles(sent)[-1] == "BYE"
    assert lone.take(Ended).cause == "timeout"


def test_a_reinvite_that_stays_provisional_is_cancelled(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    invite = only(lone.sent())
    lone.answer(invite, 180)
    assert "CANCEL" in lone.titles(lone.advance(181))
    assert lone.titles(lone.advance(32))[-1] == "BYE"
    assert lone.take(Ended).cause == "timeout"


def test_glare_is_tried_again_and_the_newest_offer_wins(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    lone.answer(only(lone.sent()), 491)
    call.session.reoffer(OFFER, lone.now)
    low, high = (2.1, 4.1) if call.theirs == "callee" else (0.0, 2.1)
    assert lone.advance(low) == [] or low == 0.0
    again = [m for m in lone.advance(high - low) if isinstance(m, Request)]
    assert [m.method for m in again[:1]] == ["INVITE"]
    assert again[0].body == OFFER
    lone.answer(again[0], 200, body=ANSWER)
    lone.take(OfferAnswered)
    assert lone.silent()


def test_glare_without_end_is_refused() -> None:
    call = Call(True)
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    for _ in range(8):
        invite = next(
            m for m in [*lone.sent(), *lone.advance(5)] if isinstance(m, Request) and m.method == "INVITE"
        )
        lone.answer(invite, 491)
    assert lone.take(OfferRefused).status == 491


def test_two_offers_of_ours_go_one_after_the_other(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    first = only(lone.sent())
    call.session.reoffer(OFFER, lone.now)
    assert lone.sent() == []
    _, second = lone.answer(first, 200, body=ANSWER)
    assert isinstance(second, Request)
    assert (second.method, second.body) == ("INVITE", OFFER)


def test_a_challenged_reinvite_is_sent_again() -> None:
    call = Call(True)
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    first = only(lone.sent())
    _, again = lone.answer(first, 401)
    assert isinstance(again, Request)
    assert (again.headers.get("Authorization"), again.cseq.number) == ("x", first.cseq.number + 1)
    (ack,) = lone.answer(again, 200, body=ANSWER)
    assert ack.headers.get("Authorization") == "x"
    lone.take(OfferAnswered)


def test_an_offer_of_the_peer_accepted(call: Call) -> None:
    lone = call.lone
    assert lone.titles(call.ask("INVITE", body=SECOND)) == ["100 INVITE"]
    offer = lone.take(OfferReceived)
    assert (offer.body, offer.session) == (SECOND, call.session)
    call.session.accept_offer(offer.transaction, ANSWER, lone.now)
    (ok,) = lone.sent()
    assert (ok.body, call.session.remote_body) == (ANSWER, SECOND)
    assert lone.titles(lone.advance(1)) == ["200 INVITE"]
    call.ask("ACK")
    assert lone.advance(5) == []
    assert lone.silent()
    call.session.accept_offer(offer.transaction, ANSWER, lone.now)
    call.session.refuse_offer(offer.transaction, 488, lone.now)
    assert lone.sent() == []


def test_an_offer_of_the_peer_refused(call: Call) -> None:
    lone = call.lone
    call.ask("UPDATE", body=SECOND)
    offer = lone.take(OfferReceived)
    call.session.refuse_offer(offer.transaction, 488, lone.now)
    assert lone.titles() == ["488 UPDATE"]
    call.ask("UPDATE", body=SECOND)
    offer = lone.take(OfferReceived)
    call.session.accept_offer(offer.transaction, ANSWER, lone.now)
    assert lone.titles() == ["200 UPDATE"]


def test_an_update_without_body_is_answered_inside(call: Call) -> None:
    (ok,) = call.ask("UPDATE")
    assert isinstance(ok, Response)
    assert (ok.status, ok.body) == (200, b"")
    assert call.lone.silent()


def test_a_reinvite_without_offer_gets_our_last_one(call: Call) -> None:
    lone = call.lone
    _, ok = call.ask("INVITE")
    assert ok.body == call.session.local_body
    call.ask("ACK", body=SECOND)
    assert lone.take(OfferAnswered).session.remote_body == SECOND


def test_the_same_offer_again_is_answered_inside() -> None:
    call = Call(False)
    messages = call.ask("INVITE", body=OFFER)
    assert call.lone.titles(messages) == ["100 INVITE", "200 INVITE"]
    assert messages[1].body == ANSWER
    assert call.lone.silent()


def test_the_peers_answer_sent_as_offer_is_news() -> None:
    call = Call(True)
    call.ask("INVITE", body=ANSWER)
    assert call.lone.take(OfferReceived).body == ANSWER


def test_an_offer_that_meets_ours_is_491_and_one_upon_theirs_500(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    lone.sent()
    assert lone.titles(call.ask("INVITE", body=OFFER)) == ["491 INVITE"]
    assert lone.titles(call.ask("UPDATE", body=OFFER)) == ["491 UPDATE"]
    assert lone.titles(call.ask("UPDATE")) == ["200 UPDATE"]
    other = Call(True)
    other.ask("UPDATE", body=SECOND)
    (busy,) = other.ask("UPDATE", body=OFFER)
    assert isinstance(busy, Response)
    assert busy.status == 500
    assert 0 <= int(busy.headers.need("Retry-After")) < 10


def test_cancel_of_a_reinvite_leaves_the_session(call: Call) -> None:
    lone = call.lone
    call.number += 1
    request = lone.write(
        "INVITE",
        number=call.number,
        to_tag=call.ours,
        from_tag=call.theirs,
        call_id=call.call_id,
        body=SECOND,
    )
    lone.give(request)
    offer = lone.take(OfferReceived)
    cancel = call.ask("CANCEL", branch=request.branch)
    assert lone.titles(cancel) == ["200 CANCEL", "487 INVITE"]
    call.session.accept_offer(offer.transaction, ANSWER, lone.now)
    assert lone.sent() == []
    assert call.session.state == "established"


def test_the_end_refuses_an_offer_still_open(call: Call) -> None:
    lone = call.lone
    call.ask("INVITE", body=SECOND)
    lone.take(OfferReceived)
    assert lone.titles(call.ask("BYE")) == ["200 BYE", "487 INVITE"]
    assert lone.take(Ended).cause == "bye"


def test_the_end_leaves_our_offer_to_itself(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    invite = only(lone.sent())
    call.session.end(lone.now)
    assert lone.titles() == ["BYE"]
    assert lone.titles(lone.answer(invite, 200, body=ANSWER)) == ["ACK"]
    assert lone.silent()
    call.session.reoffer(SECOND, lone.now)
    assert lone.sent() == []


def test_a_lost_flow_with_an_offer_on_the_way_ends_once() -> None:
    call = Call(True, transport="tcp")
    call.session.reoffer(SECOND, call.lone.now)
    call.lone.sent()
    call.lone.engine.flow_lost(call.lone.flow, call.lone.now)
    assert call.lone.take(Ended).cause == "flow_lost"
    assert call.lone.silent()
    assert call.lone.empty()


def test_an_answer_that_cannot_be_read_ends_the_session(call: Call) -> None:
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    lone.answer(only(lone.sent()), 200, body=ANSWER, headers=[("Session-Expires", "x")])
    assert lone.take(Ended).cause == "timeout"


def test_an_offer_before_the_ack_of_our_offer_is_491() -> None:
    lone = Lone()
    lone.ask("INVITE")
    session = lone.take(InviteReceived).session
    session.accept(OFFER, lone.now)
    (ok,) = lone.sent()
    assert lone.titles(lone.ask("INVITE", number=2, to_tag=ok.to_tag, body=SECOND)) == ["491 INVITE"]


def test_a_reinvite_before_the_final_response_is_500() -> None:
    lone = Lone()
    lone.ask("INVITE", body=OFFER)
    session = lone.take(InviteReceived).session
    session.ring(lone.now)
    (ring,) = lone.sent()
    assert lone.titles(lone.ask("INVITE", number=2, to_tag=ring.to_tag, body=SECOND)) == ["500 INVITE"]


def test_a_second_reinvite_before_the_ack_replaces_the_first_2xx() -> None:
    call = Call(False)
    call.ask("INVITE", body=OFFER)
    call.ask("INVITE", body=OFFER)
    assert call.lone.titles(call.lone.advance(0.6)) == ["200 INVITE"]
    call.ask("ACK")
    assert call.lone.advance(5) == []


def test_a_refresh_keeps_out_of_the_way_of_an_offer() -> None:
    call = Call(True, session_interval=90)
    lone = call.lone
    call.session.reoffer(SECOND, lone.now)
    invite = only(lone.sent())
    lone.answer(invite, 200, body=ANSWER, headers=[("Session-Expires", "90;refresher=uac")])
    lone.take(OfferAnswered)
    lone.advance(44)
    call.session.reoffer(OFFER, lone.now)
    first = only(lone.sent())
    lone.answer(first, 180)
    assert lone.advance(5) == []
    lone.answer(first, 200, body=ANSWER, headers=[("Session-Expires", "90;refresher=uac")])
    lone.take(OfferAnswered)
    assert [m.body for m in lone.advance(45.1) if isinstance(m, Request)][:1] == [b""]

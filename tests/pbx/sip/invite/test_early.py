"""Reliable provisional responses of a callee, fork by fork (RFC 3262 section 4)."""

from __future__ import annotations

from pbx.sip.events import InSessionRequest, OfferAnswered, OfferReceived, Progressed
from pbx.sip.message import Message, Request
from tests.support.ladder import ANSWER, SECOND
from tests.support.lone import Lone


def reliable(number: int) -> list[tuple[str, str]]:
    return [("Require", "100rel"), ("RSeq", str(number)), ("Allow", "INVITE, UPDATE")]


def only(messages: list[Message]) -> Request:
    (message,) = messages
    assert isinstance(message, Request)
    return message


def test_each_is_acknowledged_once_and_in_order() -> None:
    lone = Lone()
    _, invite = lone.invite()
    prack = only(lone.answer(invite, 183, headers=reliable(5)))
    assert (prack.method, prack.headers.get("RAck"), prack.to_tag) == ("PRACK", "5 1 INVITE", "callee")
    assert lone.answer(invite, 183, headers=reliable(5)) == []
    assert lone.answer(invite, 180, headers=reliable(7)) == []
    assert only(lone.answer(invite, 180, headers=reliable(6))).headers.get("RAck") == "6 1 INVITE"
    assert [lone.take(Progressed).response.status for _ in range(2)] == [183, 180]
    assert lone.silent()


def test_each_fork_counts_for_itself() -> None:
    lone = Lone()
    _, invite = lone.invite()
    for tag in ("a", "b"):
        prack = only(lone.answer(invite, 180, tag=tag, headers=reliable(1)))
        assert (prack.to_tag, prack.cseq.number) == (tag, 2)


def test_one_that_cannot_be_read_is_dropped() -> None:
    lone = Lone()
    _, invite = lone.invite()
    assert lone.answer(invite, 180, headers=[("Require", "100rel"), ("RSeq", "x")]) == []
    assert lone.silent()


def test_requests_in_the_early_dialog() -> None:
    lone = Lone()
    session, invite = lone.invite()
    assert session.info("text/plain", b"x", lone.now) is None
    lone.answer(invite, 183, tag="a")
    lone.answer(invite, 183, tag="b")
    session.info("text/plain", b"x", lone.now)
    info = only(lone.sent())
    assert (info.method, info.to_tag) == ("INFO", "b")
    lone.take(Progressed)
    lone.take(Progressed)
    lone.ask("INFO", to_tag=invite.from_tag, from_tag="a", call_id=invite.call_id)
    assert lone.take(InSessionRequest).request.from_tag == "a"
    messages = lone.ask("INFO", to_tag=invite.from_tag, from_tag="c", call_id=invite.call_id)
    assert lone.titles(messages) == ["481 INFO"]


def test_update_before_the_answer_once_an_answer_came_reliably() -> None:
    lone = Lone()
    session, invite = lone.invite()
    session.reoffer(SECOND, lone.now)
    assert lone.sent() == []
    prack, update = lone.answer(invite, 183, headers=reliable(1), body=ANSWER)
    assert isinstance(prack, Request) and isinstance(update, Request)
    lone.take(Progressed)
    assert (prack.method, update.method, update.body) == ("PRACK", "UPDATE", SECOND)
    lone.answer(update, 200, body=ANSWER)
    lone.take(OfferAnswered)
    lone.ask("UPDATE", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id, body=SECOND)
    offer = lone.take(OfferReceived)
    session.accept_offer(offer.transaction, ANSWER, lone.now)
    assert lone.titles() == ["200 UPDATE"]


def test_update_of_the_callee_before_any_answer_meets_our_offer() -> None:
    lone = Lone()
    _, invite = lone.invite()
    lone.answer(invite, 180)
    messages = lone.ask(
        "UPDATE", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id, body=SECOND
    )
    assert lone.titles(messages) == ["491 UPDATE"]

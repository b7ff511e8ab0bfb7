"""Requests of the peer inside a dialog: order, ends, and what is left to the user."""

from __future__ import annotations

from pbx.sip.events import Answered, Ended, InSessionRequest, InviteReceived
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import Lone, status_of


def test_info_message_options_and_refer_are_the_users() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    for number, method in enumerate(("INFO", "MESSAGE", "OPTIONS", "REFER"), 1):
        asked = {"number": number, "to_tag": invite.from_tag, "from_tag": "callee", "call_id": invite.call_id}
        assert lone.ask(method, **asked, body=b"5") == []
        event = lone.take(InSessionRequest)
        assert (event.session, event.request.method, event.request.body) == (session, method, b"5")
        lone.engine.respond_status(event.transaction, 603 if method == "REFER" else 200, lone.now)
        assert status_of(lone.sent()) == (603 if method == "REFER" else 200)


def test_after_our_bye_only_a_bye_is_welcome() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    session.end(lone.now)
    lone.sent()
    for number, (method, status) in enumerate([("INFO", 481), ("BYE", 200), ("INVITE", 481)], 1):
        messages = lone.ask(
            method, number=number, to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id
        )
        assert status_of(messages) == status
    assert lone.silent()


def test_the_bye_of_the_peer_comes_with_its_request() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    reason = [("Reason", 'Q.850;cause=16;text="bye"')]
    lone.ask("BYE", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id, headers=reason)
    ended = lone.take(Ended)
    assert (ended.cause, ended.session) == ("bye", session)
    assert ended.request is not None
    assert ended.request.headers.get("Reason") == reason[0][1]


def test_a_prack_in_a_call_of_ours_is_481() -> None:
    lone = Lone()
    _, invite = lone.invite()
    lone.answer(invite, 200)
    messages = lone.ask(
        "PRACK",
        to_tag=invite.from_tag,
        from_tag="callee",
        call_id=invite.call_id,
        headers=[("RAck", "1 1 INVITE")],
    )
    assert status_of(messages) == 481


def test_bye_before_the_ack_ends_the_session_and_the_repeats() -> None:
    lone = Lone()
    lone.ask("INVITE", body=OFFER)
    session = lone.take(InviteReceived).session
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    assert status_of(lone.ask("BYE", number=2, to_tag=ok.to_tag)) == 200
    assert lone.take(Ended).cause == "bye"
    assert lone.advance(40) == []
    assert lone.empty()

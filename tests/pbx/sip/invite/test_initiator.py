"""The calling side: forks, second tries, Expires, and answers that cannot be understood."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered, Ended, Progressed, Refused
from pbx.sip.limits import Limits
from pbx.sip.message import Message, Request, Response
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import Lone


def credentials(response: Response, request: Request) -> list[tuple[str, str]]:
    """A hook that answers every challenge."""
    name = "Authorization" if response.status == 401 else "Proxy-Authorization"
    return [(name, f'Digest username="door", uri="{request.uri}", n="{request.cseq.number}"')]


def only(messages: list[Message]) -> Request:
    (message,) = messages
    assert isinstance(message, Request)
    return message


def test_the_invite_says_what_it_must() -> None:
    lone = Lone()
    _, invite = lone.invite(
        expires=120, headers=[("Alert-Info", "<urn:door>")], route=["<sip:a;lr>, <sip:b;lr>"]
    )
    headers = invite.headers
    assert headers.get("Contact") == "<sip:192.0.2.1:5060;transport=udp>"
    assert headers.all("Route") == ["<sip:a;lr>", "<sip:b;lr>"]
    assert headers.get("Expires") == "120"
    assert headers.get("Alert-Info") == "<urn:door>"
    assert headers.get("Session-Expires") == "1800"
    assert headers.get("Max-Forwards") == "70"
    assert headers.tokens("Supported") == {"100rel", "timer"}
    assert invite.from_tag and invite.to_tag is None
    assert invite.body == OFFER and invite.content_type == "application/sdp"


def test_the_user_may_set_contact_max_forwards_and_type() -> None:
    lone = Lone(session_interval=0)
    _, invite = lone.invite(
        contact="<sip:me@gw>;x=1", headers=[("Max-Forwards", "5")], content_type="multipart/mixed"
    )
    assert invite.headers.all("Max-Forwards") == ["5"]
    assert invite.headers.get("Contact") == "<sip:me@gw>;x=1"
    assert invite.content_type == "multipart/mixed"
    assert "Session-Expires" not in invite.headers
    lone.answer(invite, 200)
    session = lone.take(Answered).session
    session.reoffer(ANSWER, lone.now)
    assert only(lone.sent()).headers.get("Contact") == "<sip:me@gw>;x=1"


def test_forks_are_told_apart_and_the_first_2xx_wins() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 180, tag="kitchen")
    lone.answer(invite, 180, tag="hall")
    lone.answer(invite, 180, tag="kitchen")
    assert lone.take(Progressed).early_tag == "kitchen"
    assert lone.take(Progressed).early_tag == "hall"
    ack = only(lone.answer(invite, 200, tag="hall", body=ANSWER))
    assert (ack.to_tag, ack.uri) == ("hall", "sip:hall@198.51.100.7:5070")
    assert lone.take(Answered).response.to_tag == "hall"
    assert session.remote_body == ANSWER
    late = lone.answer(invite, 200, tag="kitchen")
    assert lone.titles(late) == ["ACK", "BYE"]
    assert {message.to_tag for message in late} == {"kitchen"}
    assert lone.titles(lone.answer(invite, 200, tag="kitchen")) == ["ACK"]
    assert lone.titles(lone.answer(invite, 200, tag="hall")) == ["ACK"]
    assert lone.silent()


def test_more_forks_than_we_count_are_left_alone_until_they_answer() -> None:
    lone = Lone(limits=Limits(early_dialogs=1))
    _, invite = lone.invite()
    lone.answer(invite, 180, tag="a")
    lone.answer(invite, 180, tag="b")
    lone.take(Progressed)
    assert lone.silent()
    lone.answer(invite, 200, tag="b")
    assert lone.take(Answered).response.to_tag == "b"


def test_a_provisional_response_without_tag_is_told() -> None:
    lone = Lone()
    _, invite = lone.invite()
    lone.answer(invite, 183, tag="")
    assert lone.take(Progressed).early_tag == ""


def test_a_different_body_in_the_same_status_is_news() -> None:
    lone = Lone()
    _, invite = lone.invite()
    for body in (b"", b"", ANSWER, ANSWER):
        lone.answer(invite, 183, body=body)
    assert [lone.take(Progressed).response.body for _ in range(2)] == [b"", ANSWER]
    assert lone.silent()


@pytest.mark.parametrize("status", [401, 407])
def test_a_challenge_is_met_once_with_credentials(status: int) -> None:
    lone = Lone()
    session, invite = lone.invite(answer_challenge=credentials)
    ack, again = lone.answer(invite, status)
    assert isinstance(again, Request)
    assert ack.cseq.number == 1
    assert again.cseq.number == 2
    assert again.branch != invite.branch
    assert (again.call_id, again.from_tag, again.body) == (invite.call_id, invite.from_tag, invite.body)
    name = "Authorization" if status == 401 else "Proxy-Authorization"
    assert 'n="1"' in (again.headers.get(name) or "")
    ack = only(lone.answer(again, 200))
    assert ack.cseq.number == 2
    # The ACK carries what the INVITE did (section 22.1).
    assert ack.headers.get(name) == again.headers.get(name)
    assert lone.take(Answered).session is session
    assert session.request.cseq.number == 2


def test_a_challenge_without_end_is_a_refusal() -> None:
    lone = Lone()
    _, invite = lone.invite(answer_challenge=credentials)
    tries = 0
    messages: list[Message] = [invite]
    while messages and isinstance(messages[-1], Request) and messages[-1].method == "INVITE":
        tries += 1
        messages = lone.answer(messages[-1], 401)
    assert tries == 4
    assert lone.take(Refused).status == 401


@pytest.mark.parametrize("hook", [None, lambda response, request: None])
def test_a_challenge_nobody_can_meet_is_a_refusal(hook: object) -> None:
    lone = Lone()
    _, invite = lone.invite(answer_challenge=hook)
    assert lone.titles(lone.answer(invite, 401)) == ["ACK"]
    assert lone.take(Refused).status == 401


def test_a_challenge_after_our_cancel_is_the_end() -> None:
    lone = Lone()
    session, invite = lone.invite(answer_challenge=credentials)
    session.cancel(lone.now)
    assert lone.titles(lone.answer(invite, 401)) == ["ACK"]
    assert lone.take(Refused).status == 401


def test_422_raises_the_interval_and_tries_again() -> None:
    lone = Lone(session_interval=600)
    _, invite = lone.invite()
    _, again = lone.answer(invite, 422, headers=[("Min-SE", "900")])
    assert again.headers.get("Session-Expires") == "900"
    assert again.headers.get("Min-SE") == "900"
    assert again.cseq.number == 2
    lone.answer(again, 422, headers=[("Min-SE", "900")])
    assert lone.take(Refused).status == 422


@pytest.mark.parametrize("floor", ["", "30", "99999999"])
def test_422_that_helps_nobody_is_a_refusal(floor: str) -> None:
    lone = Lone(session_interval=600)
    _, invite = lone.invite()
    lone.answer(invite, 422, headers=[("Min-SE", floor)] if floor else [])
    assert lone.take(Refused).status == 422


def test_expires_cancels_and_refuses_with_408() -> None:
    lone = Lone()
    _, invite = lone.invite(expires=20)
    lone.answer(invite, 180)
    lone.take(Progressed)
    cancel = only(lone.advance(20))
    assert (cancel.method, cancel.branch, cancel.to_tag) == ("CANCEL", invite.branch, None)
    lone.answer(cancel, 200)
    assert lone.titles(lone.answer(invite, 487)) == ["ACK"]
    assert lone.take(Refused).status == 408
    lone.advance(32)
    assert lone.empty()


def test_a_repeated_cancel_and_one_too_late_do_nothing() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 180)
    session.cancel(lone.now, "SIP;cause=200")
    session.cancel(lone.now)
    session.end(lone.now)
    assert lone.titles() == ["CANCEL"]
    lone.answer(invite, 180, tag="other")
    assert lone.sent() == []
    lone.answer(invite, 487)
    session.cancel(lone.now)
    assert lone.sent() == []
    assert session.over


def test_two_answers_after_a_cancel_are_both_dismissed() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 100)
    session.cancel(lone.now)
    lone.sent()
    assert lone.titles(lone.answer(invite, 200, tag="a")) == ["ACK", "BYE"]
    assert lone.titles(lone.answer(invite, 200, tag="b")) == ["ACK", "BYE"]
    assert lone.take(Refused).status == 487
    assert lone.silent()


def test_the_200_takes_the_early_dialog_along() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 183, headers=[("Require", "100rel"), ("RSeq", "7"), ("Record-Route", "<sip:p1;lr>")])
    ack = only(
        lone.answer(
            invite,
            200,
            headers=[("Contact", "<sip:new@198.51.100.7>"), ("Record-Route", "<sip:p2;lr>")],
            body=ANSWER,
        )
    )
    assert ack.uri == "sip:new@198.51.100.7"
    assert ack.headers.all("Route") == ["<sip:p2;lr>"]
    session.end(lone.now)
    # INVITE 1, PRACK 2, BYE 3: one count for the dialog.
    assert only(lone.sent()).cseq.number == 3


def test_an_invite_without_offer_waits_for_our_answer() -> None:
    lone = Lone()
    session, invite = lone.invite(b"")
    assert "100rel" not in invite.headers.tokens("Supported")
    session.acknowledge(ANSWER, lone.now)
    assert lone.answer(invite, 200, body=OFFER) == []
    assert lone.take(Answered).session.remote_body == OFFER
    assert lone.answer(invite, 200, body=OFFER) == []
    session.acknowledge(ANSWER, lone.now)
    ack = only(lone.sent())
    assert (ack.method, ack.body, ack.content_type) == ("ACK", ANSWER, "application/sdp")
    session.acknowledge(ANSWER, lone.now)
    assert lone.sent() == []
    assert only(lone.answer(invite, 200, body=OFFER)).body == ANSWER


@pytest.mark.parametrize("header", [("Session-Expires", "soon"), ("Contact", "<<>>")])
def test_an_answer_that_cannot_be_read_is_a_refusal(header: tuple[str, str]) -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200, headers=[header])
    refused = lone.take(Refused)
    assert (refused.status, refused.session, session.state) == (500, session, "ended")
    lone.advance(64)
    assert lone.empty()


def test_an_answer_without_contact_or_tag_still_works() -> None:
    lone = Lone()
    session, invite = lone.invite()
    ack = only(lone.answer(invite, 200, tag="", headers=[("Contact", "")]))
    assert ack.uri == invite.uri
    lone.take(Answered)
    session.end(lone.now)
    lone.answer(only(lone.sent()), 481)
    assert session.state == "ended"
    assert lone.silent()


def test_bye_of_the_peer_before_the_answer_is_481() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 180)
    lone.take(Progressed)
    messages = lone.ask("BYE", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id)
    assert lone.titles(messages) == ["481 BYE"]
    assert session.state == "early"
    lone.answer(invite, 200)
    lone.take(Answered)
    messages = lone.ask("BYE", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id, number=2)
    assert lone.titles(messages) == ["200 BYE"]
    assert lone.take(Ended).cause == "bye"

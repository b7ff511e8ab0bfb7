"""INFO and MESSAGE of ours inside a session, and what their responses mean."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered, Ended, RequestFailed, ResponseReceived
from pbx.sip.message import Request, Response
from pbx.sip.session import Session
from tests.support.lone import Lone


def hook(response: Response, request: Request) -> list[tuple[str, str]]:
    return [("Proxy-Authorization", "Digest x")]


def talking(lone: Lone) -> Session:
    session, invite = lone.invite(answer_challenge=hook)
    lone.answer(invite, 200)
    lone.take(Answered)
    return session


def sent(lone: Lone) -> Request:
    (message,) = lone.sent()
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize("method", ["INFO", "MESSAGE"])
def test_the_response_comes_with_the_context(method: str) -> None:
    lone = Lone()
    session = talking(lone)
    verb = session.info if method == "INFO" else session.message
    transaction = verb("application/dtmf-relay", b"Signal=5", lone.now, "digit")
    request = sent(lone)
    assert (request.method, request.body, request.content_type) == (
        method,
        b"Signal=5",
        "application/dtmf-relay",
    )
    lone.answer(request, 200)
    received = lone.take(ResponseReceived)
    assert received.transaction is transaction
    assert received.transaction.context == "digit"


def test_a_challenge_is_met_but_not_for_ever() -> None:
    lone = Lone()
    session = talking(lone)
    session.info("text/plain", b"x", lone.now, "digit")
    request = sent(lone)
    for _ in range(2):
        (again,) = lone.answer(request, 407)
        assert isinstance(again, Request)
        assert again.cseq.number == request.cseq.number + 1
        assert again.headers.get("Proxy-Authorization") == "Digest x"
        request = again
    assert lone.answer(request, 407) == []
    received = lone.take(ResponseReceived)
    assert (received.response.status, received.transaction.context) == (407, "digit")


def test_481_ends_the_session() -> None:
    lone = Lone()
    session = talking(lone)
    session.info("text/plain", b"x", lone.now)
    assert lone.titles(lone.answer(sent(lone), 481)) == ["BYE"]
    assert lone.take(ResponseReceived).response.status == 481
    assert lone.take(Ended).cause == "timeout"


def test_silence_is_told_and_leaves_the_session_alone() -> None:
    lone = Lone()
    session = talking(lone)
    session.info("text/plain", b"x", lone.now)
    lone.advance(32)
    assert lone.take(RequestFailed).status == 408
    assert session.state == "established"


def test_nothing_is_sent_in_a_session_that_is_over() -> None:
    lone = Lone()
    session = talking(lone)
    session.end(lone.now)
    sent(lone)
    assert session.message("text/plain", b"x", lone.now) is None
    assert lone.sent() == []


def test_a_called_side_that_has_not_rung_has_no_dialog_to_ask_in() -> None:
    from pbx.sip.events import InviteReceived

    lone = Lone()
    lone.ask("INVITE")
    session = lone.take(InviteReceived).session
    assert session.info("text/plain", b"x", lone.now) is None
    session.ring(lone.now)
    lone.sent()
    assert session.info("text/plain", b"x", lone.now) is not None
    assert sent(lone).to_tag == "peer"

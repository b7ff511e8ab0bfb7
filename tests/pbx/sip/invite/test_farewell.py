"""Our BYE: whatever comes back, the session is over."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered
from pbx.sip.message import Request
from tests.support.lone import Lone


@pytest.mark.parametrize("status", [200, 481, 408, 500, 401])
def test_any_final_response_closes(status: int) -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    session.end(lone.now, [("Reason", "SIP;cause=200")])
    (bye,) = lone.sent()
    assert isinstance(bye, Request)
    assert (bye.method, bye.headers.get("Reason"), session.state) == ("BYE", "SIP;cause=200", "ending")
    lone.answer(bye, status)
    assert session.state == "ended"
    session.end(lone.now)
    assert lone.sent() == []
    assert lone.silent()


def test_a_challenged_bye_is_sent_again() -> None:
    lone = Lone()
    session, invite = lone.invite(answer_challenge=lambda response, request: [("Authorization", "x")])
    lone.answer(invite, 200)
    lone.take(Answered)
    session.end(lone.now)
    (bye,) = lone.sent()
    (again,) = lone.answer(bye, 401)
    assert isinstance(again, Request)
    assert (again.method, again.headers.get("Authorization")) == ("BYE", "x")
    assert session.over
    lone.answer(again, 200)
    assert session.state == "ended"


def test_silence_closes_too() -> None:
    lone = Lone()
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    session.end(lone.now)
    lone.advance(40)
    assert session.state == "ended"
    assert lone.silent()
    assert lone.empty()

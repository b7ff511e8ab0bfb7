"""What both sides share: the flow a session lives on, and how it outlives it if it may."""

from __future__ import annotations

import pytest

from pbx.sip.errors import MisuseError
from pbx.sip.events import Answered, Ended, InSessionRequest
from pbx.sip.flow import Flow
from pbx.sip.limits import Limits
from pbx.sip.message import Request
from pbx.sip.session import Session
from tests.support.ladder import SECOND
from tests.support.lone import LOCAL, PEER, Lone


def talking(lone: Lone) -> tuple[Session, Request]:
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    return session, invite


def test_a_lost_flow_ends_the_session_at_once() -> None:
    lone = Lone("tcp")
    session, _ = talking(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.take(Ended).cause == "flow_lost"
    assert session.state == "ended"
    assert lone.sent() == []
    assert lone.empty()


def test_with_grace_the_peer_may_come_back_by_another_flow() -> None:
    lone = Lone("tcp", limits=Limits(flow_grace_seconds=10))
    session, invite = talking(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    lone.advance(5)
    back = Flow("tcp", LOCAL, PEER)
    info = lone.write("INFO", to_tag=invite.from_tag, from_tag="callee", call_id=invite.call_id)
    lone.engine.receive(info, back, lone.now)
    lone.take(InSessionRequest)
    lone.advance(60)
    assert session.state == "established"
    assert session.flow is back
    lone.engine.flow_lost(back, lone.now)
    lone.advance(10)
    assert lone.take(Ended).cause == "flow_lost"
    assert lone.silent()


def test_an_offer_during_the_grace_waits_for_it_to_run_out() -> None:
    lone = Lone("tcp", limits=Limits(flow_grace_seconds=10))
    session, _ = talking(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    session.reoffer(SECOND, lone.now)
    assert lone.silent()
    lone.advance(10)
    assert lone.take(Ended).cause == "flow_lost"


def test_a_bye_on_a_lost_flow_closes_at_once() -> None:
    lone = Lone("tcp", limits=Limits(flow_grace_seconds=10))
    session, _ = talking(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    session.end(lone.now)
    assert session.state == "ended"
    assert lone.silent()


def test_a_flow_lost_during_our_bye_closes() -> None:
    lone = Lone("tcp")
    session, _ = talking(lone)
    session.end(lone.now)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert session.state == "ended"
    assert lone.silent()
    assert lone.empty()


@pytest.mark.parametrize("method", ["info", "message"])
def test_line_ends_in_a_content_type_are_our_bug(method: str) -> None:
    lone = Lone()
    session, _ = talking(lone)
    with pytest.raises(MisuseError):
        getattr(session, method)("text/plain\r\nVia: evil", b"", lone.now)

"""Timers G, H, I and L of an INVITE of a peer (RFC 3261 section 17.2.1, RFC 6026)."""

from __future__ import annotations

import pytest

from pbx.sip.events import Established, InviteReceived
from pbx.sip.flow import Transport
from pbx.sip.message import Request, Response
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import Lone, status_of


def invited(lone: Lone) -> tuple[Request, Session]:
    request = lone.write("INVITE", body=OFFER)
    assert status_of(lone.give(request)) == 100
    return request, lone.take(InviteReceived).session


def ack_in_transaction(lone: Lone, invite: Request) -> list[object]:
    ack = lone.write("ACK", branch=invite.branch, to_tag="any")
    return list(lone.give(ack))


def test_timer_g_doubles_to_t2_and_h_gives_up() -> None:
    lone = Lone()
    _, session = invited(lone)
    session.refuse(486, lone.now)
    lone.sent()
    times = []
    while (deadline := lone.engine.next_deadline()) is not None:
        lone.now = deadline
        lone.engine.handle_timeout(deadline)
        times += [deadline] * len(lone.sent())
    assert times == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert lone.now == 32.0
    assert lone.empty()


def test_over_tcp_a_refusal_is_sent_once() -> None:
    lone = Lone("tcp")
    _, session = invited(lone)
    session.refuse(486, lone.now)
    assert len(lone.advance(31.9)) == 1
    lone.advance(0.1)
    assert lone.empty()


@pytest.mark.parametrize(("transport", "kept"), [("udp", 1), ("tcp", 0)])
def test_timer_i_absorbs_more_acks(transport: Transport, kept: int) -> None:
    lone = Lone(transport)
    invite, session = invited(lone)
    session.refuse(603, lone.now)
    lone.sent()
    ack_in_transaction(lone, invite)
    assert lone.engine.stats()["server_transactions"] == kept
    ack_in_transaction(lone, invite)
    if kept:
        assert lone.give(invite) == []
    assert lone.advance(5) == []
    assert lone.empty()


def test_a_repeated_invite_gets_the_last_response_again() -> None:
    lone = Lone()
    invite, session = invited(lone)
    assert status_of(lone.give(invite)) == 100
    session.ring(lone.now)
    lone.sent()
    assert status_of(lone.give(invite)) == 180
    session.refuse(486, lone.now)
    lone.sent()
    assert status_of(lone.give(invite)) == 486
    assert lone.silent()


def test_timer_l_absorbs_invites_after_the_2xx() -> None:
    lone = Lone()
    invite, session = invited(lone)
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    assert lone.give(invite) == []
    assert isinstance(ok, Response)
    lone.ask("ACK", to_tag=ok.to_tag)
    lone.take(Established)
    lone.advance(31.9)
    assert lone.engine.stats()["server_transactions"] == 1
    lone.advance(0.2)
    assert lone.engine.stats()["server_transactions"] == 0


def test_an_ack_to_2xx_that_wrongly_keeps_the_branch_is_understood() -> None:
    lone = Lone()
    invite, session = invited(lone)
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    lone.ask("ACK", to_tag=ok.to_tag, branch=invite.branch)
    assert lone.take(Established).session is session


def test_an_ack_before_any_final_response_is_nothing() -> None:
    lone = Lone()
    invite, _ = invited(lone)
    assert ack_in_transaction(lone, invite) == []
    assert lone.silent()

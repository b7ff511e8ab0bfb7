"""Timers A, B, D and M of an INVITE of ours (RFC 3261 section 17.1.1, RFC 6026)."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered, Progressed, Refused
from pbx.sip.flow import Transport
from pbx.sip.message import Request
from pbx.sip.transactions.table import Client
from tests.support.lone import Lone


def test_timer_a_doubles_and_b_gives_up_after_32_seconds() -> None:
    lone = Lone()
    lone.invite()
    times = []
    while (deadline := lone.engine.next_deadline()) is not None:
        lone.now = deadline
        lone.engine.handle_timeout(deadline)
        times += [deadline] * len(lone.sent())
    assert times == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    refused = lone.take(Refused)
    assert (refused.status, refused.response, lone.now) == (408, None, 32.0)
    assert lone.empty()


def test_over_tcp_timer_a_never_runs() -> None:
    lone = Lone("tcp")
    lone.invite()
    assert lone.advance(31) == []
    lone.advance(1)
    assert lone.take(Refused).status == 408


def test_any_provisional_response_ends_timer_a() -> None:
    lone = Lone()
    _, invite = lone.invite()
    lone.answer(invite, 100)
    assert lone.advance(60) == []
    assert lone.silent()


@pytest.mark.parametrize(("transport", "kept"), [("udp", 1), ("tcp", 0)])
def test_timer_d_acks_repeated_refusals(transport: Transport, kept: int) -> None:
    lone = Lone(transport)
    _, invite = lone.invite()
    (ack,) = lone.answer(invite, 486)
    assert isinstance(ack, Request)
    assert (ack.method, ack.branch, ack.to_tag) == ("ACK", invite.branch, "callee")
    assert ack.cseq.number == invite.cseq.number
    assert lone.engine.stats()["client_transactions"] == kept
    assert lone.titles(lone.answer(invite, 486)) == ["ACK"] * kept
    assert lone.answer(invite, 180) == []
    assert lone.answer(invite, 200) == []
    assert lone.take(Refused).status == 486
    assert lone.silent()
    lone.advance(32)
    assert lone.empty()


def test_timer_m_keeps_the_accepted_state_for_more_2xx() -> None:
    lone = Lone("tcp")
    session, invite = lone.invite()
    assert lone.titles(lone.answer(invite, 200)) == ["ACK"]
    lone.take(Answered)
    assert lone.titles(lone.answer(invite, 200)) == ["ACK"]
    assert lone.answer(invite, 180) == []
    assert lone.answer(invite, 486) == []
    assert lone.silent()
    assert session.state == "established"
    lone.advance(32)
    assert lone.engine.stats()["client_transactions"] == 0
    assert lone.answer(invite, 200) == []


def test_the_ack_to_a_refusal_follows_the_route() -> None:
    lone = Lone()
    _, invite = lone.invite(route=["<sip:proxy.example.org;lr>"])
    (ack,) = lone.answer(invite, 404)
    assert isinstance(ack, Request)
    assert ack.headers.all("Route") == ["<sip:proxy.example.org;lr>"]
    assert ack.uri == invite.uri


def test_a_lost_flow_refuses_with_503() -> None:
    lone = Lone("tcp")
    _, invite = lone.invite()
    lone.answer(invite, 180)
    lone.take(Progressed)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.take(Refused).status == 503
    assert lone.silent()
    assert lone.empty()


def test_a_flow_lost_before_refuses_at_once() -> None:
    lone = Lone("tcp")
    lone.engine.flow_lost(lone.flow, 0.0)
    session, _ = lone.invite()
    assert lone.take(Refused).session is session
    assert lone.empty()


def test_a_flow_lost_after_the_refusal_is_silent() -> None:
    lone = Lone()
    _, invite = lone.invite()
    lone.answer(invite, 486)
    lone.take(Refused)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.silent()
    assert lone.empty()


class Watch:
    """What an `InviteWatch` was told."""

    def __init__(self, lone: Lone) -> None:
        self.open: dict[Client, bytes] = {}
        lone.engine.watch(self)

    def sent(self, invite: Client) -> None:
        assert invite not in self.open
        self.open[invite] = invite.wire

    def settled(self, invite: Client) -> None:
        self.open.pop(invite, None)


@pytest.mark.parametrize("status", [200, 486])
def test_a_watch_follows_an_invite_to_its_final_response(status: int) -> None:
    lone = Lone()
    watch = Watch(lone)
    _, invite = lone.invite()
    assert list(watch.open.values()) == [invite.to_bytes()]
    lone.answer(invite, 180)
    lone.advance(3)
    assert len(watch.open) == 1
    lone.answer(invite, status)
    assert not watch.open


def test_a_cancelled_invite_is_watched_until_the_peer_has_given_up() -> None:
    lone = Lone()
    watch = Watch(lone)
    session, invite = lone.invite()
    lone.answer(invite, 180)
    session.cancel(lone.now)
    assert len(watch.open) == 1
    lone.answer(invite, 487)
    assert not watch.open


def test_an_invite_that_nobody_answers_is_watched_to_its_end() -> None:
    lone = Lone()
    watch = Watch(lone)
    lone.invite()
    lone.advance(31)
    assert len(watch.open) == 1
    lone.advance(1)
    assert not watch.open


def test_an_invite_on_a_lost_flow_is_never_watched() -> None:
    lone = Lone("tcp")
    watch = Watch(lone)
    lone.flow.alive = False
    lone.invite()
    assert not watch.open

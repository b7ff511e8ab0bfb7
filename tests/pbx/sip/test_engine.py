"""Whole calls between two engines: who sends what, and who is told what."""

from __future__ import annotations

import gc

import pytest

from pbx.sip.events import (
    Answered,
    Ended,
    Established,
    InviteReceived,
    Progressed,
    Refused,
    RequestReceived,
    ResponseReceived,
)
from pbx.sip.flow import Flow
from pbx.sip.message import parse, response_to
from tests.support.ladder import ANSWER, OFFER, Ladder
from tests.support.lone import LOCAL, Lone


def test_a_call_from_ring_to_goodbye() -> None:
    ladder = Ladder()
    alice, bob = ladder.alice, ladder.bob
    call = alice.call()
    ladder.settle()
    incoming = bob.take(InviteReceived).session
    assert incoming.request.body == OFFER
    incoming.ring(ladder.now)
    ladder.settle()
    assert alice.take(Progressed).response.status == 180
    incoming.accept(ANSWER, ladder.now)
    ladder.settle()
    assert alice.take(Answered).response.body == ANSWER
    assert bob.take(Established).session is incoming
    call.end(ladder.now)
    ladder.settle()
    assert bob.take(Ended).cause == "bye"
    assert ladder.picture() == [
        "alice INVITE",
        "bob 100 INVITE",
        "bob 180 INVITE",
        "bob 200 INVITE",
        "alice ACK",
        "alice BYE",
        "bob 200 BYE",
    ]
    assert (alice.saw(), bob.saw()) == ([], [])
    ladder.finish()
    assert ladder.nothing_left()
    assert ladder.picture() == []


def test_a_refused_call() -> None:
    ladder = Ladder()
    alice, bob = ladder.alice, ladder.bob
    alice.call()
    ladder.settle()
    bob.take(InviteReceived).session.refuse(486, ladder.now)
    ladder.settle()
    assert alice.take(Refused).status == 486
    assert ladder.picture() == ["alice INVITE", "bob 100 INVITE", "bob 486 INVITE", "alice ACK"]
    ladder.finish()
    assert ladder.nothing_left()


def test_a_registration_and_its_answer() -> None:
    ladder = Ladder()
    alice, bob = ladder.alice, ladder.bob
    request = alice.engine.build_request(
        "REGISTER",
        "sip:example.org",
        from_="<sip:alice@example.org>",
        to="<sip:alice@example.org>",
        headers=[("Contact", alice.engine.contact(alice.flow)), ("Expires", "300")],
    )
    alice.engine.send_request(request, alice.flow, ladder.now, context=7)
    ladder.settle()
    received = bob.take(RequestReceived)
    answer = response_to(received.request, 200)
    answer.headers.add("Expires", "300")
    bob.engine.respond(received.transaction, answer, ladder.now)
    ladder.settle()
    response = alice.take(ResponseReceived)
    assert (response.transaction.context, response.response.headers.get("Expires")) == (7, "300")
    assert response.response.to_tag
    assert ladder.picture() == ["alice REGISTER", "bob 200 REGISTER"]
    ladder.finish()
    assert ladder.nothing_left()


def test_respond_status_carries_headers_and_our_name() -> None:
    lone = Lone()
    lone.ask("REGISTER")
    transaction = lone.take(RequestReceived).transaction
    lone.engine.respond_status(transaction, 401, lone.now, [("WWW-Authenticate", "Digest realm=x")])
    (answer,) = lone.sent()
    assert answer.headers.get("WWW-Authenticate") == "Digest realm=x"
    assert answer.headers.get("Server") == "Doorline"
    assert answer.to_tag


def test_a_provisional_and_the_final_response_have_one_tag() -> None:
    lone = Lone()
    request = lone.write("MESSAGE")
    lone.give(request)
    transaction = lone.take(RequestReceived).transaction
    for status in (100, 182, 200):
        lone.engine.respond(transaction, response_to(request, status), lone.now)
    trying, queued, ok = lone.sent()
    assert trying.to_tag is None
    assert queued.to_tag == ok.to_tag is not None


def test_stats_count_what_lives() -> None:
    lone = Lone()
    lone.ask("INVITE", body=OFFER)
    session = lone.take(InviteReceived).session
    assert lone.engine.stats() == {
        "client_transactions": 0,
        "server_transactions": 1,
        "sessions": 1,
        "dialogs": 0,
        "merges": 1,
        "timers": 1,
    }
    session.refuse(486, lone.now)
    lone.advance(40)
    assert lone.empty()


def test_only_sessions_on_the_lost_flow_end() -> None:
    lone = Lone("tcp")
    session, invite = lone.invite()
    lone.answer(invite, 200)
    lone.take(Answered)
    other = Flow("tcp", LOCAL, ("203.0.113.5", 5060))
    lone.engine.receive(parse(lone.write("OPTIONS").to_bytes()), other, lone.now)
    received = lone.take(RequestReceived)
    lone.engine.respond_status(received.transaction, 200, lone.now)
    lone.engine.flow_lost(other, lone.now)
    assert session.state == "established"
    # What was still to leave by the lost flow is gone with it.
    assert lone.sent() == []


@pytest.mark.parametrize("ending", ["caller", "callee", "refuse", "cancel", "silence", "flow"])
def test_a_call_leaves_nothing_for_the_garbage_collector(ending: str) -> None:
    """Rings of references would make the collector walk a busy server's whole heap, again and again."""

    ladder = Ladder("tcp" if ending == "flow" else "udp")
    live_through(ladder, ending)
    gc.collect()
    gc.disable()
    try:
        live_through(ladder, ending)
        assert gc.collect() == 0
    finally:
        gc.enable()


def live_through(ladder: Ladder, ending: str) -> None:
    """One call with everything in it, to the end of its last timer; the ladder forgets it."""
    call = ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    incoming.ring(ladder.now, 183, ANSWER, reliable=True)
    ladder.settle()
    if ending == "refuse":
        incoming.refuse(486, ladder.now)
    elif ending == "cancel":
        call.cancel(ladder.now)
    elif ending != "silence":
        incoming.accept(ANSWER, ladder.now)
        ladder.settle()
        call.reoffer(OFFER, ladder.now)
        ladder.settle()
    if ending == "caller":
        call.end(ladder.now)
    elif ending == "callee":
        incoming.end(ladder.now)
    elif ending == "flow":
        for side in (ladder.alice, ladder.bob):
            side.engine.flow_lost(side.flow, ladder.now)
            side.renew_flow()
    ladder.finish()
    assert ladder.nothing_left()
    for side in (ladder.alice, ladder.bob):
        side.told.clear()
        side.sent.clear()

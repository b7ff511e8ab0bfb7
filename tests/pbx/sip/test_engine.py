"""Whole calls between two engines: who sends what, and who is told what."""

from __future__ import annotations

from pbx.sip.events import Answered, Ended, Established, InviteReceived, Progressed, Refused
from tests.support.ladder import ANSWER, OFFER, Ladder


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

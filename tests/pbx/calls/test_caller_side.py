"""What the side that calls gets: ringing once, an answer of its own, our offer where it made none."""

from __future__ import annotations

from pbx.sip import events as sip
from tests.support.exchange import ANSWER, OFFER, Exchange, FarPhone


def rung() -> tuple[Exchange, FarPhone, FarPhone]:
    world = Exchange()
    return world, world.phone("gate"), world.phone("kari-phone")


def test_it_hears_one_ringing_and_gets_an_answer_of_its_own() -> None:
    world, gate, kari = rung()
    session = world.call(gate, "kari")
    theirs = kari.take(sip.InviteReceived).session
    for _ in range(2):
        theirs.ring(world.now)
        world.settle()
    theirs.accept(b"v=0 theirs\r\n", world.now)
    world.settle()
    assert gate.answers("INVITE") == [100, 180, 200]
    assert gate.take(sip.Answered).response.body == ANSWER
    theirs.end(world.now)
    world.settle()
    assert gate.take(sip.Ended).cause == "bye" and session.over


def test_without_an_offer_it_gets_ours() -> None:
    world, gate, kari = rung()
    session = world.call(gate, "kari", b"")
    kari.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered).response.body == OFFER
    session.acknowledge(b"v=0 ours\r\n", world.now)
    world.settle()
    assert [call.call.state.value for call in world.switchboard.calls.values()] == ["talking"]


def test_it_is_refused_when_media_cannot_answer_it() -> None:
    world, gate, kari = rung()
    world.call(gate, "kari", b"")
    theirs = kari.take(sip.InviteReceived).session
    world.media.legs_left = 0
    theirs.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Refused).status == 488
    assert kari.take(sip.Ended).cause == "bye" and not world.switchboard.calls

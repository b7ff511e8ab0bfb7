"""New offers inside a call: passed on, refused, and two at once."""

from __future__ import annotations

from pbx.sip import events as sip
from tests.pbx.calls.test_requests import talking
from tests.support.exchange import Exchange

HOLD = b"v=0 hold\r\n"


def test_hold_reaches_the_other_side_and_its_answer_comes_back() -> None:
    world, gate, kari, calling, called = talking()
    called.reoffer(HOLD, world.now)
    world.settle()
    offered = gate.take(sip.OfferReceived)
    assert not kari.was_told(sip.OfferAnswered)
    calling.accept_offer(offered.transaction, b"v=0 held\r\n", world.now)
    world.settle()
    assert kari.take(sip.OfferAnswered)


def test_a_refusal_of_the_other_side_is_passed_back() -> None:
    world, gate, kari, calling, called = talking()
    called.reoffer(HOLD, world.now)
    world.settle()
    calling.refuse_offer(gate.take(sip.OfferReceived).transaction, 488, world.now)
    world.settle()
    assert kari.take(sip.OfferRefused).status == 488
    assert len(world.switchboard.calls) == 1


def test_both_sides_offer_at_once_and_both_get_through_in_the_end() -> None:
    world, gate, kari, calling, called = talking()
    called.reoffer(HOLD, world.now)
    calling.reoffer(HOLD, world.now)
    for _ in range(80):
        world.advance(0.1)
        for one, session in ((gate, calling), (kari, called)):
            while one.was_told(sip.OfferReceived):
                transaction = one.take(sip.OfferReceived).transaction
                session.accept_offer(transaction, b"v=0 held\r\n", world.now)
                world.settle()
    assert len(world.switchboard.calls) == 1
    assert not next(iter(world.switchboard.calls.values())).renegotiation.pending


def test_a_wrong_new_offer_is_refused_and_the_call_goes_on() -> None:
    world, gate, kari, _, called = talking()
    world.media.refused.add(HOLD)
    called.reoffer(HOLD, world.now)
    world.settle()
    assert kari.take(sip.OfferRefused).status == 488
    assert not gate.was_told(sip.OfferReceived)
    assert len(world.switchboard.calls) == 1


def test_an_offer_while_it_rings_has_to_wait() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    session = world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    assert session.state == "early"

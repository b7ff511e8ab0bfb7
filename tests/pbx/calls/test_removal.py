"""A media worker dies: talks are moved to another one, what cannot be moved ends with a BYE."""

from __future__ import annotations

import pytest

from media.engine import Lost
from pbx.calls.removal import PATIENCE_SECONDS
from pbx.facts import CallEnded, EndReason
from pbx.sip import events as sip
from tests.pbx.calls.test_origination import Desk
from tests.pbx.calls.test_requests import talking
from tests.support.exchange import ANSWER, Exchange, FarPhone


def die(world: Exchange) -> None:
    """The worker of the one call that lives."""
    world.switchboard.media_event(Lost(next(iter(world.switchboard.calls))), world.now)
    world.settle()


def take(world: Exchange, one: FarPhone) -> None:
    """A phone takes the new offer."""
    offered = one.take(sip.OfferReceived)
    assert offered.body == b"v=0 offer after %d moves\r\n" % world.media.did.count("move")
    offered.session.accept_offer(offered.transaction, ANSWER, world.now)
    world.settle()


def pending(world: Exchange) -> bool:
    (runner,) = world.switchboard.calls.values()
    return runner.renegotiation.pending


def test_both_sides_of_a_talk_are_offered_new_ports_and_it_goes_on() -> None:
    world, gate, kari, calling, called = talking()
    die(world)
    world.advance(0.01)
    assert world.media.did.count("move") == 1
    assert pending(world)
    take(world, kari)
    assert pending(world), "the panel has not answered yet"
    take(world, gate)
    assert not pending(world)
    world.advance(30)
    assert (calling.state, called.state) == ("established", "established")
    assert world.switchboard.stats()["moved"] == 1
    called.info("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n", world.now)
    world.settle()
    assert len(world.lock.orders) == 1


def test_it_waits_for_a_worker_and_not_for_ever() -> None:
    world, gate, _, _, _ = talking()
    world.media.full = True
    die(world)
    world.advance(1.0)
    assert len(world.switchboard.calls) == 1 and not gate.was_told(sip.OfferReceived)
    world.media.full = False
    world.advance(0.1)
    assert gate.was_told(sip.OfferReceived)

    world, gate, kari, _, _ = talking()
    world.media.full = True
    die(world)
    world.advance(PATIENCE_SECONDS + 0.1)
    assert gate.take(sip.Ended).cause == kari.take(sip.Ended).cause == "bye"
    assert world.saw(CallEnded)[0].reason is EndReason.FAILED
    world.advance(40)
    assert world.quiet()


@pytest.mark.parametrize("unwilling", ["gate", "kari"])
def test_who_refuses_the_new_ports_ends_the_call(unwilling: str) -> None:
    world, gate, kari, _, _ = talking()
    die(world)
    world.advance(0.01)
    one, other = (gate, kari) if unwilling == "gate" else (kari, gate)
    take(world, other)
    offered = one.take(sip.OfferReceived)
    offered.session.refuse_offer(offered.transaction, 488, world.now)
    world.settle()
    assert gate.take(sip.Ended).cause == kari.take(sip.Ended).cause == "bye"
    world.advance(40)
    assert world.quiet()


def test_an_answer_to_the_new_ports_that_is_no_good_ends_the_call() -> None:
    world, gate, kari, _, _ = talking()
    die(world)
    world.advance(0.01)
    world.media.refused.add(ANSWER)
    take(world, gate)
    assert kari.take(sip.Ended).cause == "bye"
    world.advance(40)
    assert world.quiet()


def test_an_offer_meanwhile_has_to_wait_and_one_under_way_is_refused() -> None:
    world, gate, kari, _, called = talking()
    called.reoffer(b"v=0 hold\r\n", world.now)
    world.settle()
    die(world)
    world.advance(0.2)
    assert "move" not in world.media.did, "first what is under way has to end"
    take_it = gate.take(sip.OfferReceived)
    take_it.session.refuse_offer(take_it.transaction, 488, world.now)
    world.settle()
    assert kari.take(sip.OfferRefused).status == 488
    world.advance(0.2)
    take(world, gate)
    take(world, kari)
    assert len(world.switchboard.calls) == 1


def test_what_still_rings_ends() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    die(world)
    world.advance(0.01)
    assert gate.take(sip.Refused).status == 500
    assert kari.was_told(sip.Cancelled)
    world.advance(40)
    assert world.quiet()


def test_an_operator_s_first_party_that_still_rings_is_told_so() -> None:
    desk = Desk()
    desk.first.ring(desk.world.now)
    desk.world.settle()
    desk.world.switchboard.media_event(Lost(desk.call), desk.world.now)
    assert desk.gone() is EndReason.FAILED and desk.ends == [EndReason.FAILED]


def test_a_worker_that_dies_again_is_replaced_again() -> None:
    world, gate, kari, _, _ = talking()
    for _ in range(2):
        die(world)
        world.advance(0.1)
        take(world, gate)
        take(world, kari)
    world.advance(1)
    assert world.switchboard.removals.moved == 2
    assert len(world.switchboard.calls) == 1

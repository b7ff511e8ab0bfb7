"""Everything that a call can want is performed by somebody."""

from __future__ import annotations

from typing import get_args

from pbx.calls.effects import Effect
from pbx.calls.performing import PERFORM
from pbx.sip import events as sip
from tests.support.exchange import ANSWER, Exchange


def test_each_effect_has_its_performer() -> None:
    assert set(PERFORM) == set(get_args(Effect))


def test_a_key_of_who_answered_opens_by_the_rules_of_now() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    (runner,) = world.switchboard.calls.values()
    assert runner.call.winner is not None and "listen" in world.media.did
    runner.digit(runner.call.winner.id, "5", "rtp", world.now)
    world.switchboard.hang_up(runner.call.caller.call, world.now)
    assert [order.door.id for order in world.lock.orders] == ["front"]
    assert world.media.did[-1] == "close"

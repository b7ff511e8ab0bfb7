"""Whom a route asks to come: legs shared, refusals, silence, sleepers. The call's ladders hold the rest."""

from __future__ import annotations

from itertools import count

from dialplan.route import Node, Parallel, Ring, Route, Target
from pbx.calls.effects import Announce, Effect, EndLeg, LetSleep, PlaceLeg, ReachTarget, TellPanel, WakeDevice
from pbx.calls.leg import LegState
from pbx.calls.parties import NO_WORD_SECONDS, Caller, Reach
from pbx.calls.ringing import FOREVER
from pbx.calls.summons import Summons
from pbx.facts import EndReason

PHONE, TABLET = Reach("phone", "phone", "phone"), Reach("tablet", "tablet", "tablet")


def ring(who: str) -> Ring:
    return Ring(Target("person", who), 0.0, 30.0, confirm=False)


class Asked:
    """A summons of these rings, begun at 0; what it wants is kept in `out`."""

    def __init__(self, *rings: Node) -> None:
        route = Route("b", "Kari", Parallel(rings), None, 120.0, "others_ring", 180.0, "gate", "h")
        numbers = count(1)
        self.out: list[Effect] = []
        caller = Caller("x.example", "c", "a", "gate", "kari")
        self.summons = Summons(caller, route, lambda: f"leg{next(numbers)}", self.out)
        self.summons.ringing.start(0.0)
        assert self.summons.follow(next_is_told=False)

    def did(self) -> list[Effect]:
        """What is new, facts left out."""
        new: list[Effect] = [effect for effect in self.out if not isinstance(effect, Announce)]
        self.out.clear()
        return new


def test_rings_that_want_the_same_way_share_its_leg() -> None:
    asked = Asked(ring("kari"), ring("caretaker"))
    assert [type(effect) for effect in asked.did()] == [ReachTarget, ReachTarget]
    assert asked.summons.reached(0, [PHONE], (), 0.0)
    assert asked.summons.reached(1, [PHONE, TABLET], (), 0.0)
    assert asked.did() == [PlaceLeg("leg1", "phone", "phone", 30), PlaceLeg("leg2", "tablet", "tablet", 30)]
    assert asked.summons.legs["leg1"].rings == {0, 1}


def test_a_way_that_refused_is_not_rung_again() -> None:
    asked = Asked(ring("kari"))
    asked.summons.reached(0, [PHONE], (), 0.0)
    leg = asked.summons.legs["leg1"]
    asked.summons.refused(leg, EndReason.DECLINED)
    asked.did()
    asked.summons.appeared(0, PHONE, 1.0)
    assert asked.did() == [] and leg.refused
    asked.summons.rings_lost(leg, EndReason.DECLINED, 1.0)
    assert asked.summons.ringing.over


def test_nobody_waits_for_silence_and_it_may_still_ring() -> None:
    asked = Asked(ring("kari"))
    asked.summons.reached(0, [PHONE], (), 0.0)
    assert asked.summons.next_deadline() == NO_WORD_SECONDS
    assert not asked.summons.give_up_on_silent(NO_WORD_SECONDS / 2)
    assert asked.summons.give_up_on_silent(NO_WORD_SECONDS)
    leg = asked.summons.legs["leg1"]
    assert (leg.state, leg.gives_up_at) == (LegState.PLACED, FOREVER)


def test_who_has_won_keeps_the_leg_and_sleepers_sleep_on() -> None:
    asked = Asked(ring("kari"))
    assert asked.summons.reached(0, [PHONE, TABLET], ["watch"], 0.0)
    assert asked.did()[-1] == WakeDevice("watch", 30)
    asked.summons.won(asked.summons.legs["leg1"])
    assert asked.did() == [LetSleep("watch"), EndLeg("leg2", EndReason.ANSWERED_ELSEWHERE)]
    asked.summons.dismiss(EndReason.NORMAL)
    assert asked.did() == [EndLeg("leg1", EndReason.NORMAL)]


def test_a_panel_that_knows_of_a_ring_hears_of_the_next() -> None:
    asked = Asked(ring("kari"), Ring(Target("person", "ola"), 5.0, 30.0, confirm=False))
    asked.did()
    assert not asked.summons.follow(next_is_told=True)
    asked.summons.ringing.handle_timeout(5.0)
    assert asked.summons.follow(next_is_told=True)
    assert asked.did() == [TellPanel("next"), ReachTarget(1, Target("person", "ola"))]

"""Everybody whom a call has asked to come: the rings of its route, their legs, and devices being woken [S].

It knows neither who has won nor what the caller hears: that is the call's. Another route is another summons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

from dialplan.route import Route
from pbx.calls.effects import (
    Announce,
    Effect,
    EndLeg,
    FindOtherWay,
    LetSleep,
    PlaceLeg,
    ReachTarget,
    TellPanel,
    WakeDevice,
)
from pbx.calls.leg import Leg, LegState
from pbx.calls.parties import Caller, Reach
from pbx.calls.ringing import FOREVER, RingBegan, Ringing
from pbx.calls.waking import Waking
from pbx.facts import EndReason, LegEnded, LegPlaced


class Summons:
    """The called side of a call, until somebody has won and of whoever has.

    Args:
        caller: the calling side.
        route: whom to ring, and when.
        leg_id: makes a fresh leg id.
        out: gets the effects, in order.
    """

    __slots__ = ("_caller", "_leg_id", "_out", "legs", "ringing", "waking")

    def __init__(self, caller: Caller, route: Route, leg_id: Callable[[], str], out: list[Effect]) -> None:
        self._caller, self._leg_id, self._out = caller, leg_id, out
        self.ringing = Ringing(route)
        self.legs: dict[str, Leg] = {}
        self.waking = Waking()

    # What became of somebody who was asked.

    def reached(self, ring: int, reaches: Iterable[Reach], asleep: Iterable[str], now: float) -> bool:
        """Every way to a ring's target, and devices of it that can be woken; False when there is neither."""
        found = False
        for reach in reaches:
            found = self._ring_at(ring, reach, now) or found
        for device in asleep:
            found = True
            self._wake(device, ring, now)
        if not found:
            self.ringing.unreachable(ring, now)
        return found

    def appeared(self, ring: int, reach: Reach, now: float) -> None:
        """A device behind a ring has registered: it joins the running step only."""
        if self.ringing.joinable(ring, now):
            self.ringing.revived(ring, now)
            self._ring_at(ring, reach, now)

    def asleep(self, leg: Leg, now: float) -> None:
        """A placed leg is silent, as on a stale socket, and its device can be woken."""
        leg.ask_at = FOREVER
        self.wake_again(leg, now)

    def unreachable(self, device: str, now: float) -> None:
        """It could not be woken, or must not be."""
        if rings := self.waking.lost(device):
            self._let_sleep((device,))
        for ring in rings:
            self._ring_lost(ring, EndReason.UNREACHABLE, now)

    def spoke(self, leg: Leg, now: float) -> None:
        """A placed leg's device has said that it is there."""
        leg.state = LegState.RINGING
        self.waking.up(leg.device)
        for ring in leg.rings:
            self.ringing.revived(ring, now)

    def refused(self, leg: Leg, reason: EndReason) -> None:
        """A leg said no."""
        leg.refused = True
        self.waking.up(leg.device)
        self.gone(leg, reason)

    def refused_everywhere(self, leg: Leg) -> None:
        """Whoever said no meant all of her devices."""
        for other in filter(leg.shares, self.legs.values()):
            other.refused = True
            self.end(other, EndReason.ANSWERED_ELSEWHERE)
        for ring in leg.rings:
            self._let_sleep(self.waking.stop(ring))

    def rings_lost(self, leg: Leg, reason: EndReason, now: float) -> None:
        """A leg is out: tell the rings that wanted it."""
        for ring in tuple(leg.rings):
            self._ring_lost(ring, reason, now)

    def wake_again(self, leg: Leg, now: float) -> None:
        """Wake the device of a leg that is of no use, unless it has another that is."""
        if not any(other.spoken for other in self.legs.values() if other.device == leg.device):
            for ring in leg.rings:
                self._wake(leg.device, ring, now)

    # What the call makes of it.

    def won(self, leg: Leg) -> None:
        """Nobody else need come."""
        leg.state = LegState.CONNECTED
        self._stop()
        for other in self.legs.values():
            if other is not leg and other.live:
                self.end(other, EndReason.ANSWERED_ELSEWHERE)

    def dismiss(self, reason: EndReason) -> None:
        """Nobody need come any more, and whoever has come may go."""
        self._stop()
        for leg in self.legs.values():
            if leg.live:
                self.end(leg, reason)

    def end(self, leg: Leg, reason: EndReason) -> None:
        """End a leg."""
        self._out.append(EndLeg(leg.id, reason))
        self.gone(leg, reason)

    def gone(self, leg: Leg, reason: EndReason) -> None:
        """A leg has ended."""
        leg.state = LegState.ENDED
        self._out.append(Announce(LegEnded(self._caller.site, self._caller.call, leg.id, leg.device, reason)))

    # Time.

    def next_deadline(self) -> float:
        """The next moment at which a ring begins or ends, or a silent leg is given up."""
        placed = (leg for leg in self.legs.values() if leg.state is LegState.PLACED)
        unheard = min((min(leg.gives_up_at, leg.ask_at) for leg in placed), default=FOREVER)
        return min(self.ringing.next_deadline(), unheard)

    def give_up_on_silent(self, now: float) -> bool:
        """Stop waiting for legs without a word; they stay placed and may still ring. True when there were."""
        found = False
        for leg in list(self.legs.values()):
            if leg.state is LegState.PLACED and now >= leg.ask_at:
                leg.ask_at = now + leg.ask_seconds
                self._out.append(FindOtherWay(leg.id))
            if leg.state is LegState.PLACED and now >= leg.gives_up_at:
                leg.gives_up_at = FOREVER
                self.rings_lost(leg, EndReason.UNREACHABLE, now)
                found = True
        return found

    def follow(self, *, next_is_told: bool) -> bool:
        """Turn what the rings did into targets to reach and legs stopped; False when they did nothing.

        `next_is_told`: the panel has been told that somebody rings, and is to hear of others.
        """
        happened = self.ringing.events()
        if next_is_told and any(isinstance(event, RingBegan) for event in happened):
            self._out.append(TellPanel("next"))
        for event in happened:
            if isinstance(event, RingBegan):
                target = self.ringing.rings[event.ring].ring.target
                self._out.append(ReachTarget(event.ring, target))
            elif not event.outcome.gone:
                self._stop_ring(event.ring)
        return bool(happened)

    # Inside.

    def _ring_at(self, ring: int, reach: Reach, now: float) -> bool:
        """Ring one way to a target; False when that way has already refused this call."""
        for known in self.legs.values():
            if known.key != reach.key:
                continue
            if known.refused:
                return False
            if known.live:
                known.rings.add(ring)
                return True
        node = self.ringing.rings[ring]
        waits = {"patience": reach.patience, "ask_seconds": reach.ask_seconds}
        leg = Leg(self._leg_id(), reach.device, reach.key, ring, node.ring.confirm, now, **waits)
        self.legs[leg.id] = leg
        self._out.append(PlaceLeg(leg.id, leg.device, reach.way, max(1, ceil(node.ends - now))))
        self._out.append(Announce(LegPlaced(self._caller.site, self._caller.call, leg.id, leg.device)))
        return True

    def _ring_lost(self, ring: int, reason: EndReason, now: float) -> None:
        """One leg of a ring is out; when it was the last, the ring is over early."""
        if any(ring in leg.rings and leg.hoped_for for leg in self.legs.values()):
            return
        if self.waking.hopes(ring):
            return
        if reason is EndReason.UNREACHABLE:
            self.ringing.unreachable(ring, now)
        else:
            self.ringing.declined(ring, now)

    def _stop_ring(self, ring: int) -> None:
        self._let_sleep(self.waking.stop(ring))
        for leg in self.legs.values():
            leg.rings.discard(ring)
            if not leg.rings and leg.live:
                self.end(leg, EndReason.NO_ANSWER)

    def _stop(self) -> None:
        self.ringing.stop()
        self._let_sleep(self.waking.stop_all())

    def _wake(self, device: str, ring: int, now: float) -> None:
        if self.waking.begin(device, ring):
            self._out.append(WakeDevice(device, max(1, ceil(self.ringing.rings[ring].ends - now))))

    def _let_sleep(self, devices: Iterable[str]) -> None:
        self._out += [LetSleep(device) for device in devices]

"""One call as a pure machine: what happened goes in, effects come out, time is an argument.

A caller, a Route, and the legs that the route's rings asked for. First answer wins; whoever comes
later is told "answered elsewhere"; every way out leaves through `_finish`, so that nothing of a call
can stay behind. The machine knows no SIP message and no SDP: `runner` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from math import ceil
from typing import Literal

from dialplan.route import Route
from pbx.calls.effects import (
    Announce,
    AnswerCaller,
    CloseCall,
    Effect,
    EndCaller,
    EndLeg,
    FindOtherWay,
    LetSleep,
    ListenDigits,
    OpenDoor,
    OpenEarly,
    PlaceLeg,
    ReachTarget,
    RefuseCaller,
    RejoinCaller,
    RingCaller,
    TellPanel,
    WakeDevice,
)
from pbx.calls.leg import Leg, LegState
from pbx.calls.outcome import TOLD_TO_PEOPLE
from pbx.calls.parties import Caller, Reach, call_started
from pbx.calls.ringing import FOREVER, RingBegan, Ringing
from pbx.calls.waking import Waking
from pbx.facts import (
    CallEnded,
    DigitPressed,
    EndReason,
    Fact,
    LegAnswered,
    LegEnded,
    LegPlaced,
    LegRang,
    LegsConnected,
)

CONFIRM_DIGIT = "1"
"""Takes the visit without opening, where a leg wins only by a digit."""

REFUSE_DIGIT = "#"
"""Refuses, where a leg wins only by a digit."""

Early = Literal["", "show", "answer"]


class CallState(Enum):
    """Where a call is. ANSWERING: the caller was sent its 200 and has not yet acknowledged it."""

    RINGING = "ringing"
    ANSWERING = "answering"
    TALKING = "talking"
    ENDED = "ended"


class Call:
    """A call from its admission to its end.

    Args:
        caller: the calling side.
        route: what `dialplan.resolve` answered; kept for the life of the call (decision 4).
        door_for: digit -> door id or None, from the plan the call began with.
        leg_id: makes a fresh leg id.
        joined: the caller was answered already (an operator's call, which rang its first party before).
        early: a caller with a camera: "show" begins an early dialog with it, "answer" answers it at once.
    """

    __slots__ = (
        "_leg_id",
        "_out",
        "_rang_caller",
        "_refusal",
        "answered_at",
        "caller",
        "door_for",
        "early",
        "joined",
        "legs",
        "ringing",
        "route",
        "started_at",
        "state",
        "waking",
        "winner",
    )

    def __init__(
        self,
        caller: Caller,
        route: Route,
        door_for: Callable[[str], str | None],
        leg_id: Callable[[], str],
        joined: bool = False,
        early: Early = "",
    ) -> None:
        self.caller = caller
        self.joined = joined
        self.early = early
        self.route = route
        self.door_for = door_for
        self.ringing = Ringing(route)
        self.legs: dict[str, Leg] = {}
        self.waking = Waking()
        self.winner: Leg | None = None
        self.state = CallState.RINGING
        self.started_at = 0.0
        self.answered_at: float | None = None
        self._leg_id = leg_id
        self._rang_caller = False
        self._refusal = EndReason.NO_ANSWER
        self._out: list[Effect] = []

    # What happened on the way to an answer.

    def start(self, now: float) -> None:
        """The caller was admitted: begin to ring. A joined caller's call has been told of already."""
        self.started_at = now
        if not self.joined:
            self._announce(call_started(self.caller, self.route))
        if self.early:
            self._out.append(OpenEarly(self.early == "answer"))
            self.joined = self.joined or self.early == "answer"
        self.ringing.start(now)
        self._follow_ringing(now)

    def target_reached(
        self, ring: int, reaches: Iterable[Reach], now: float, asleep: Iterable[str] = ()
    ) -> None:
        """The runner's answer to ReachTarget: every way to the target, and devices of it that can be woken;
        none of either means unreachable."""
        if self.state is not CallState.RINGING:
            return
        found = False
        for reach in reaches:
            found = self._ring_at(ring, reach, now) or found
        for device in asleep:
            found = self._wake(device, ring, now)
        if not found:
            self.ringing.unreachable(ring, now)
            self._follow_ringing(now)

    def device_appeared(self, ring: int, reach: Reach, now: float) -> None:
        """A device behind a ring of this call has registered: it joins the running step only."""
        if self.state is CallState.RINGING and self.ringing.joinable(ring, now):
            self.ringing.revived(ring, now)
            self._ring_at(ring, reach, now)

    def device_asleep(self, leg_id: str, now: float) -> None:
        """A placed leg is silent, as on a stale socket, and its device can be woken."""
        leg = self.legs.get(leg_id)
        if leg is not None and leg.state is LegState.PLACED:
            leg.ask_at = FOREVER
            self._wake_again(leg, now)

    def device_unreachable(self, device: str, now: float) -> None:
        """It could not be woken."""
        rings = self.waking.lost(device)
        if self.state is CallState.RINGING:
            for ring in rings:
                self._ring_lost(ring, EndReason.UNREACHABLE, now)
            self._follow_ringing(now)

    def leg_progressed(self, leg_id: str, rings: bool, now: float) -> None:
        """A provisional answer came; `rings` for 180 and 183, False for a mere 182 or 181."""
        leg = self.legs.get(leg_id)
        if leg is None or leg.state is not LegState.PLACED:
            return
        leg.state = LegState.RINGING
        self.waking.up(leg.device)
        for ring in leg.rings:
            self.ringing.revived(ring, now)
        if rings:
            self._announce(LegRang(self.caller.site, self.caller.call, leg_id))
            self._ring_caller()

    def leg_answered(self, leg_id: str, now: float) -> None:
        """A leg's first 200. The first one wins, unless it must press a digit before."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.rings_now:
            return
        if self.state is not CallState.RINGING:
            self._end_leg(leg, EndReason.ANSWERED_ELSEWHERE)
            return
        leg.state = LegState.ANSWERED
        if leg.confirm:
            self._out.append(ListenDigits(leg_id))
        else:
            self._win(leg, now)

    def leg_refused(self, leg_id: str, reason: EndReason, everywhere: bool, now: float) -> None:
        """A leg said no. `everywhere` (a 6xx): the person means all of her devices."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.live:
            return
        leg.refused = True
        self.waking.up(leg.device)
        self._leg_gone(leg, reason)
        if not self.route.panel and reason in TOLD_TO_PEOPLE:
            self._refusal = reason  # people of the house may know; a visitor may not (P5)
        if self.state is not CallState.RINGING:
            return
        if everywhere:
            for other in filter(leg.shares, self.legs.values()):
                other.refused = True
                self._end_leg(other, EndReason.ANSWERED_ELSEWHERE)
            for ring in leg.rings:
                self._let_sleep(self.waking.stop(ring))
        if reason is EndReason.DECLINED and self.route.decline == "ends_call":
            self._finish(EndReason.NO_ANSWER, now)
            return
        self._rings_lost(leg, reason, now)

    def leg_lost(self, leg_id: str, wakes: bool, now: float) -> None:
        """A leg's connection is gone, or nothing ever came from it: that is no refusal. Its device may come
        back into the running step, and is woken for it where it can be (`wakes`)."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.live:
            return
        self._leg_gone(leg, EndReason.UNREACHABLE)
        if self.state is CallState.RINGING:
            if wakes:
                self._wake_again(leg, now)
            self._rings_lost(leg, EndReason.UNREACHABLE, now)

    def leg_ended(self, leg_id: str, reason: EndReason, now: float) -> None:
        """An answered leg hung up or was lost."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.live:
            return
        if leg is self.winner:
            self._leg_gone(leg, reason)
            self._finish(reason, now)
        else:
            self.leg_refused(leg_id, EndReason.NO_ANSWER, False, now)

    def caller_cancelled(self, now: float) -> None:
        """The caller gave up before an answer; its INVITE is already ended."""
        self._finish(EndReason.CANCELLED, now, tell_caller=False)

    # The talk.

    def caller_established(self, now: float) -> None:
        """The caller acknowledged our 200."""
        if self.state is CallState.ANSWERING:
            self.state = CallState.TALKING

    def caller_ended(self, reason: EndReason, now: float) -> None:
        """The caller hung up or was lost after the answer."""
        self._finish(reason, now, tell_caller=False)

    def digit_pressed(self, leg_id: str, digit: str, method: str, now: float) -> None:
        """A key on a called side. It counts from the leg that won, or from one that wins by it."""
        leg = self.legs.get(leg_id)
        if leg is None or leg.state not in (LegState.ANSWERED, LegState.CONNECTED):
            return
        self._announce(DigitPressed(self.caller.site, self.caller.call, leg_id, digit, method))
        door = self.door_for(digit)
        if leg.state is LegState.ANSWERED:
            door = None if digit == CONFIRM_DIGIT else door  # the prompt says that it only talks
            if digit == REFUSE_DIGIT:
                leg.refused = True
                self._end_leg(leg, EndReason.DECLINED)
                self._rings_lost(leg, EndReason.DECLINED, now)
                return
            if digit != CONFIRM_DIGIT and door is None:
                return
            self._win(leg, now)
        if door is not None:
            self._out.append(OpenDoor(door, leg.id, leg.device))

    def door_opened_elsewhere(self, now: float) -> None:
        """A door of this panel was opened by other means: nobody need answer any more (P4)."""
        if self.state is CallState.RINGING:
            self._finish(EndReason.DOOR_OPENED, now)

    def hang_up(self, reason: EndReason, now: float) -> None:
        """An operator, a limit or a fault ends the call."""
        self._finish(reason, now)

    def hang_up_leg(self, leg_id: str, reason: EndReason, now: float) -> bool:
        """End one leg; the caller's or the answered one ends the call. False when it is not there."""
        leg = self.legs.get(leg_id)
        if leg_id == self.caller.leg or (leg is not None and leg is self.winner):
            self._finish(reason, now)
            return True
        if leg is None or not leg.live:
            return False
        self._end_leg(leg, reason)
        self._rings_lost(leg, reason, now)
        return True

    def reroute(self, route: Route, now: float) -> bool:
        """Ring `route` for the caller in place of whoever rings or talks now; False when there is nothing to
        move."""
        if self.state not in (CallState.RINGING, CallState.TALKING):
            return False
        self.joined = self.joined or self.state is CallState.TALKING
        for leg in self.legs.values():
            if leg.live:
                self._end_leg(leg, EndReason.NORMAL)
        self._let_sleep(self.waking.stop_all())
        self.legs, self.winner, self.answered_at = {}, None, None
        self.state, self.route, self.ringing = CallState.RINGING, route, Ringing(route)
        self.ringing.start(now)
        self._follow_ringing(now)
        return True

    def device_revoked(self, device: str, now: float) -> None:
        """A credential is gone: the device's legs end now (decision 4)."""
        if device == self.caller.device:
            self._finish(EndReason.REVOKED, now)
            return
        for leg in [leg for leg in self.legs.values() if leg.device == device and leg.live]:
            if leg is self.winner:
                self._finish(EndReason.REVOKED, now)
                return
            self._end_leg(leg, EndReason.REVOKED)
            self._rings_lost(leg, EndReason.UNREACHABLE, now)

    # Time.

    def next_deadline(self) -> float:
        """The next moment this call does something by itself; infinity when never."""
        if self.state is CallState.RINGING:
            placed = (leg for leg in self.legs.values() if leg.state is LegState.PLACED)
            unheard = min((min(leg.gives_up_at, leg.ask_at) for leg in placed), default=FOREVER)
            return min(self.ringing.next_deadline(), unheard)
        if self.answered_at is not None and self.state is not CallState.ENDED:
            return self.answered_at + self.route.talk_limit
        return FOREVER

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        if self.state is CallState.RINGING:
            self._give_up_on_silent(now)
            if self.state is CallState.RINGING:
                self.ringing.handle_timeout(now)
                self._follow_ringing(now)
        elif self.state is not CallState.ENDED and now >= self.next_deadline():
            self._finish(EndReason.TALK_LIMIT, now)

    def effects(self) -> list[Effect]:
        """What is to be done, in order; each effect is handed out once."""
        out, self._out = self._out, []
        return out

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
        self._announce(LegPlaced(self.caller.site, self.caller.call, leg.id, leg.device))
        return True

    def _give_up_on_silent(self, now: float) -> None:
        """Stop waiting for legs without a word; they stay placed and may still ring."""
        for leg in list(self.legs.values()):
            if leg.state is LegState.PLACED and now >= leg.ask_at:
                leg.ask_at = now + leg.ask_seconds
                self._out.append(FindOtherWay(leg.id))
            if leg.state is LegState.PLACED and now >= leg.gives_up_at:
                leg.gives_up_at = FOREVER
                self._rings_lost(leg, EndReason.UNREACHABLE, now)

    def _rings_lost(self, leg: Leg, reason: EndReason, now: float) -> None:
        """A leg is out: tell the rings that wanted it, and go on."""
        for ring in tuple(leg.rings):
            self._ring_lost(ring, reason, now)
        self._follow_ringing(now)

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

    def _follow_ringing(self, now: float) -> None:
        """Turn what the ringing did into legs placed and legs stopped."""
        while self.state is CallState.RINGING and (happened := self.ringing.events()):
            if self._rang_caller and any(isinstance(event, RingBegan) for event in happened):
                self._out.append(TellPanel("next"))
            for event in happened:
                if isinstance(event, RingBegan):
                    target = self.ringing.rings[event.ring].ring.target
                    self._out.append(ReachTarget(event.ring, target))
                elif not event.outcome.gone:
                    self._stop_ring(event.ring)
        if self.state is CallState.RINGING and self.ringing.over:
            limit = now >= self.ringing.end
            self._finish(EndReason.RING_LIMIT if limit else self._refusal, now)

    def _wake_again(self, leg: Leg, now: float) -> None:
        """Wake the device of a leg that is of no use, unless it has another that is."""
        if not any(other.spoken for other in self.legs.values() if other.device == leg.device):
            for ring in leg.rings:
                self._wake(leg.device, ring, now)

    def _wake(self, device: str, ring: int, now: float) -> bool:
        if self.waking.begin(device, ring):
            self._out.append(WakeDevice(device, max(1, ceil(self.ringing.rings[ring].ends - now))))
        return True

    def _let_sleep(self, devices: Iterable[str]) -> None:
        self._out += [LetSleep(device) for device in devices]

    def _stop_ring(self, ring: int) -> None:
        self._let_sleep(self.waking.stop(ring))
        for leg in self.legs.values():
            leg.rings.discard(ring)
            if not leg.rings and leg.live:
                self._end_leg(leg, EndReason.NO_ANSWER)

    def _win(self, leg: Leg, now: float) -> None:
        self.winner = leg
        self.state = CallState.ANSWERING
        self.answered_at = now
        leg.state = LegState.CONNECTED
        self.ringing.stop()
        self._let_sleep(self.waking.stop_all())
        for other in self.legs.values():
            if other is not leg and other.live:
                self._end_leg(other, EndReason.ANSWERED_ELSEWHERE)
        self._out.append(RejoinCaller(leg.id) if self.joined else AnswerCaller(leg.id))
        self._out.append(ListenDigits(leg.id))
        caller = self.caller
        self._announce(LegAnswered(caller.site, caller.call, leg.id))
        self._announce(LegsConnected(caller.site, caller.call, caller.leg, leg.id))

    def _ring_caller(self) -> None:
        hears = bool(self.early) or not self.joined
        if hears and not self._rang_caller and self.state is CallState.RINGING:
            self._rang_caller = True
            self._out += [RingCaller(), TellPanel("ringing")]

    def _end_leg(self, leg: Leg, reason: EndReason) -> None:
        self._out.append(EndLeg(leg.id, reason))
        self._leg_gone(leg, reason)

    def _leg_gone(self, leg: Leg, reason: EndReason) -> None:
        leg.state = LegState.ENDED
        self._announce(LegEnded(self.caller.site, self.caller.call, leg.id, leg.device, reason))

    def _finish(self, reason: EndReason, now: float, *, tell_caller: bool = True) -> None:
        """The one way out of a call."""
        if self.state is CallState.ENDED:
            return
        answered, self.state = self.answered_at, CallState.ENDED
        self.ringing.stop()
        self._let_sleep(self.waking.stop_all())
        for leg in self.legs.values():
            if leg.live:
                self._end_leg(leg, reason)
        if tell_caller:
            talked = self.joined or answered is not None
            if talked and answered is None and reason is not EndReason.DOOR_OPENED:
                self._out.append(TellPanel("nobody"))
            self._out.append(EndCaller(reason) if talked else RefuseCaller(reason))
        caller = self.caller
        self._announce(LegEnded(caller.site, caller.call, caller.leg, caller.device, reason))
        rang = (now if answered is None else answered) - self.started_at
        length = 0.0 if answered is None else now - answered
        self._announce(CallEnded(caller.site, caller.call, caller.device, reason, rang, length))
        self._out.append(CloseCall())

    def _announce(self, fact: Fact) -> None:
        self._out.append(Announce(fact))

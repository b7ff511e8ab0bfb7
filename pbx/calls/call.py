"""One call as a pure machine: what happened goes in, effects come out, time is an argument.

A caller, a Route, and whom the route has summoned. First answer wins; whoever comes later is told
"answered elsewhere"; every way out leaves through `_finish`, so that nothing of a call can stay behind. The
machine knows no SIP message and no SDP: `runner` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Literal

from dialplan.route import Route
from pbx.calls.effects import (
    Announce,
    AnswerCaller,
    CloseCall,
    Effect,
    EndCaller,
    ListenDigits,
    OpenDoor,
    OpenEarly,
    RefuseCaller,
    RejoinCaller,
    RingCaller,
    TellPanel,
)
from pbx.calls.leg import Leg, LegState
from pbx.calls.outcome import TOLD_TO_PEOPLE
from pbx.calls.parties import Caller, Reach, call_started
from pbx.calls.ringing import FOREVER
from pbx.calls.summons import Summons
from pbx.facts import (
    CallEnded,
    DigitPressed,
    EndReason,
    Fact,
    LegAnswered,
    LegEnded,
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
        "route",
        "started_at",
        "state",
        "summons",
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
        self.winner: Leg | None = None
        self.state = CallState.RINGING
        self.started_at = 0.0
        self.answered_at: float | None = None
        self._leg_id = leg_id
        self._rang_caller = False
        self._refusal = EndReason.NO_ANSWER
        self._out: list[Effect] = []
        self.summons = Summons(caller, route, leg_id, self._out)

    @property
    def legs(self) -> dict[str, Leg]:
        """The called sides by their ids."""
        return self.summons.legs

    # What happened on the way to an answer.

    def start(self, now: float) -> None:
        """The caller was admitted: begin to ring. A joined caller's call has been told of already."""
        self.started_at = now
        if not self.joined:
            self._announce(call_started(self.caller, self.route))
        if self.early:
            self._out.append(OpenEarly(self.early == "answer"))
            self.joined = self.joined or self.early == "answer"
        self.summons.ringing.start(now)
        self._follow(now)

    def target_reached(
        self, ring: int, reaches: Iterable[Reach], now: float, asleep: Iterable[str] = ()
    ) -> None:
        """The runner's answer to ReachTarget: every way to the target, and devices of it that can be woken;
        none of either means unreachable."""
        if self.state is CallState.RINGING and not self.summons.reached(ring, reaches, asleep, now):
            self._follow(now)

    def device_appeared(self, ring: int, reach: Reach, now: float) -> None:
        """A device behind a ring of this call has registered: it joins the running step only."""
        if self.state is CallState.RINGING:
            self.summons.appeared(ring, reach, now)

    def device_asleep(self, leg_id: str, now: float) -> None:
        """A placed leg is silent, as on a stale socket, and its device can be woken."""
        leg = self.legs.get(leg_id)
        if leg is not None and leg.state is LegState.PLACED:
            self.summons.asleep(leg, now)

    def device_unreachable(self, device: str, now: float) -> None:
        """It could not be woken."""
        if self.state is CallState.RINGING:
            self.summons.unreachable(device, now)
            self._follow(now)

    def leg_progressed(self, leg_id: str, rings: bool, now: float) -> None:
        """A provisional answer came; `rings` for 180 and 183, False for a mere 182 or 181."""
        leg = self.legs.get(leg_id)
        if leg is None or leg.state is not LegState.PLACED:
            return
        self.summons.spoke(leg, now)
        if rings:
            self._announce(LegRang(self.caller.site, self.caller.call, leg_id))
            self._ring_caller()

    def leg_answered(self, leg_id: str, now: float) -> None:
        """A leg's first 200. The first one wins, unless it must press a digit before."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.rings_now:
            return
        if self.state is not CallState.RINGING:
            self.summons.end(leg, EndReason.ANSWERED_ELSEWHERE)
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
        self.summons.refused(leg, reason)
        if not self.route.panel and reason in TOLD_TO_PEOPLE:
            self._refusal = reason  # people of the house may know; a visitor may not (P5)
        if self.state is not CallState.RINGING:
            return
        if everywhere:
            self.summons.refused_everywhere(leg)
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
        self.summons.gone(leg, EndReason.UNREACHABLE)
        if self.state is CallState.RINGING:
            if wakes:
                self.summons.wake_again(leg, now)
            self._rings_lost(leg, EndReason.UNREACHABLE, now)

    def leg_ended(self, leg_id: str, reason: EndReason, now: float) -> None:
        """An answered leg hung up or was lost."""
        leg = self.legs.get(leg_id)
        if leg is None or not leg.live:
            return
        if leg is self.winner:
            self.summons.gone(leg, reason)
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
                self.summons.end(leg, EndReason.DECLINED)
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
        self.summons.end(leg, reason)
        self._rings_lost(leg, reason, now)
        return True

    def reroute(self, route: Route, now: float) -> bool:
        """Ring `route` for the caller in place of whoever rings or talks now; False when there is nothing to
        move."""
        if self.state not in (CallState.RINGING, CallState.TALKING):
            return False
        self.joined = self.joined or self.state is CallState.TALKING
        self.summons.dismiss(EndReason.NORMAL)
        self.winner, self.answered_at = None, None
        self.state, self.route = CallState.RINGING, route
        self.summons = Summons(self.caller, route, self._leg_id, self._out)
        self.summons.ringing.start(now)
        self._follow(now)
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
            self.summons.end(leg, EndReason.REVOKED)
            self._rings_lost(leg, EndReason.UNREACHABLE, now)
        self.device_unreachable(device, now)

    # Time.

    def next_deadline(self) -> float:
        """The next moment this call does something by itself; infinity when never."""
        if self.state is CallState.RINGING:
            return self.summons.next_deadline()
        if self.answered_at is not None and self.state is not CallState.ENDED:
            return self.answered_at + self.route.talk_limit
        return FOREVER

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        if self.state is CallState.RINGING:
            if self.summons.give_up_on_silent(now):
                self._follow(now)
            if self.state is CallState.RINGING:
                self.summons.ringing.handle_timeout(now)
                self._follow(now)
        elif self.state is not CallState.ENDED and now >= self.next_deadline():
            self._finish(EndReason.TALK_LIMIT, now)

    def effects(self) -> list[Effect]:
        """What is to be done, in order; each effect is handed out once."""
        out = self._out.copy()
        self._out.clear()
        return out

    # Inside.

    def _rings_lost(self, leg: Leg, reason: EndReason, now: float) -> None:
        """A leg is out: whoever else is wanted now is asked, or the call is over."""
        self.summons.rings_lost(leg, reason, now)
        self._follow(now)

    def _follow(self, now: float) -> None:
        """Do what the rings want, until they want no more or are over."""
        summons = self.summons
        while self.state is CallState.RINGING and summons.follow(next_is_told=self._rang_caller):
            pass
        if self.state is CallState.RINGING and summons.ringing.over:
            limit = now >= summons.ringing.end
            self._finish(EndReason.RING_LIMIT if limit else self._refusal, now)

    def _win(self, leg: Leg, now: float) -> None:
        self.winner = leg
        self.state = CallState.ANSWERING
        self.answered_at = now
        self.summons.won(leg)
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

    def _finish(self, reason: EndReason, now: float, *, tell_caller: bool = True) -> None:
        """The one way out of a call."""
        if self.state is CallState.ENDED:
            return
        answered, self.state = self.answered_at, CallState.ENDED
        self.summons.dismiss(reason)
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

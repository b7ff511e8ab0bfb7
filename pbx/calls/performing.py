"""Performs what a call wants, in the turn in which its cause arrived: no task, no queue, no waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dialplan.access import Denied, DoorState, Granted, may_open
from dialplan.plan import DialPlan
from pbx.calls import caller_side, placing
from pbx.calls import effects as do
from pbx.calls.call import CallState
from pbx.calls.outside import subject_of
from pbx.calls.runner import Runner
from pbx.doors.doorkeeper import Wish


def perform(runner: Runner, now: float) -> None:
    """Do everything the call wants, including what it wants because of what was done."""
    call = runner.call
    while effects := call.effects():
        for effect in effects:
            PERFORM[type(effect)](runner, effect, now)


def listen_digits(runner: Runner, effect: do.ListenDigits, now: float) -> None:
    """Hear keys of a leg, and tell it which there are."""
    if effect.leg not in runner.listening:
        runner.listening.add(effect.leg)
        runner.media.listen_digits(effect.leg, True)
    if runner.call.state is CallState.RINGING:  # it wins by a key only
        runner.voices.ask(effect.leg)
    else:
        runner.voices.answered(effect.leg)


def open_door(runner: Runner, effect: do.OpenDoor, now: float) -> None:
    """Ask for the door by the right of the device that answered; what runs now decides (decision 4)."""
    caller, civil = runner.call.caller, runner.around.civil
    subject = subject_of(effect.device)

    def decide(plan: DialPlan, door: str, state: DoorState) -> Granted | Denied:
        return may_open(plan, subject, door, "visitor_call", civil(), panel=caller.device, state=state)

    runner.around.doors.ask(Wish(caller.site, effect.door, "visitor_call", decide, caller.call), now)


def announce(runner: Runner, effect: do.Announce, now: float) -> None:
    """Tell everybody."""
    runner.around.facts.publish(effect.fact)


def close_call(runner: Runner, effect: do.CloseCall, now: float) -> None:
    """Let go of everything."""
    runner.close()


PERFORM: dict[type, Callable[[Runner, Any, float], None]] = {
    do.ReachTarget: placing.reach_target,
    do.PlaceLeg: placing.place_leg,
    do.FindOtherWay: placing.find_other_way,
    do.WakeDevice: placing.wake_device,
    do.LetSleep: placing.let_sleep,
    do.EndLeg: placing.end_leg,
    do.OpenEarly: caller_side.open_early,
    do.RingCaller: caller_side.ring_caller,
    do.TellPanel: caller_side.tell_panel,
    do.AnswerCaller: caller_side.answer_caller,
    do.RejoinCaller: caller_side.rejoin_caller,
    do.RefuseCaller: caller_side.refuse_caller,
    do.EndCaller: caller_side.end_caller,
    do.ListenDigits: listen_digits,
    do.OpenDoor: open_door,
    do.Announce: announce,
    do.CloseCall: close_call,
}
"""What performs which effect: one dictionary look-up instead of a chain of tests."""

"""Performs what a call wants of the side that calls: shown early, rung back, answered, told, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.errors import NoCapacity, SdpError
from pbx.calls import effects as do
from pbx.calls.outcome import cancel_reason
from pbx.calls.parties import leg_role
from pbx.calls.preview import Preview
from pbx.calls.runner import Runner
from pbx.facts import EndReason

if TYPE_CHECKING:
    from pbx.sip.invite.session import Session


def open_early(runner: Runner, effect: do.OpenEarly, now: float) -> None:
    """Let the panel send its picture now. Without a description to give it, it rings like any other."""
    leg, session = runner.call.caller.leg, _session(runner)
    try:
        body = runner.media.answer(leg)
    except (NoCapacity, SdpError):
        if effect.answers:
            session.refuse(EndReason.NO_MEDIA.status, now)
            runner.call.caller_ended(EndReason.NO_MEDIA, now)
        return
    if effect.answers:
        session.accept(body, now)
    else:
        session.ring(now, 183, body)
    runner.early = True
    runner.voices.say(leg, "calling")
    if runner.media.sends_video(leg):
        runner.media.film(leg)
        runner.preview = Preview(runner.media, leg, runner.around.previews, runner.around.token)


def ring_caller(runner: Runner, effect: do.RingCaller, now: float) -> None:
    """A 180 after a description of ours would stop some panels' picture: it hears the tone instead."""
    if runner.early:
        runner.voices.ring_back(runner.call.caller.leg)
    else:
        _session(runner).ring(now)


def tell_panel(runner: Runner, effect: do.TellPanel, now: float) -> None:
    """What its screen is to say, where the caller is a panel."""
    if runner.call.route.panel:
        runner.panel_words.state(effect.state, now)


def answer_caller(runner: Runner, effect: do.AnswerCaller, now: float) -> None:
    """Answer, and let the two hear each other."""
    leg = runner.call.caller.leg
    try:
        if runner.offerless:
            profile = runner.around.profile(_session(runner).flow)
            role = leg_role(runner.plan.device(runner.call.caller.device))
            body = runner.media.offer(leg, like=effect.leg, role=role, profile=profile)
        else:
            body = runner.media.answer(leg, like=effect.leg)
    except (NoCapacity, SdpError):
        _session(runner).refuse(EndReason.NO_MEDIA.status, now)
        runner.call.caller_ended(EndReason.NO_MEDIA, now)
        return
    _session(runner).accept(body, now)
    runner.media.connect(leg, effect.leg)
    runner.ring_is_over()


def rejoin_caller(runner: Runner, effect: do.RejoinCaller, now: float) -> None:
    """The caller has a talk already; only where the two share no codec must it hear of the new one."""
    leg = runner.call.caller.leg
    runner.media.connect(leg, effect.leg)
    runner.ring_is_over()
    if not runner.media.compatible(leg, effect.leg):
        try:
            _session(runner).reoffer(runner.media.offer(leg, like=effect.leg), now)
        except (NoCapacity, SdpError):
            runner.call.hang_up(EndReason.NO_MEDIA, now)
            return
    runner.call.caller_established(now)


def refuse_caller(runner: Runner, effect: do.RefuseCaller, now: float) -> None:
    """Refuse, after a last word where there is one."""
    if not runner.around.farewells.begin(runner, effect.reason, now):
        _session(runner).refuse(effect.reason.status, now)


def end_caller(runner: Runner, effect: do.EndCaller, now: float) -> None:
    """End the caller's talk, after a last word where there is one."""
    if not runner.around.farewells.begin(runner, effect.reason, now):
        _session(runner).end(now, cancel_reason(effect.reason))


def _session(runner: Runner) -> Session:
    return runner.sessions[runner.call.caller.leg]

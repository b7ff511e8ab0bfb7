"""Performs what a call wants of its called sides: legs placed and ended, sleepers woken."""

from __future__ import annotations

from media.errors import NoCapacity, SdpError
from pbx.calls import effects as do
from pbx.calls.outcome import cancel_reason
from pbx.calls.outside import Denial
from pbx.calls.parties import leg_role, reach_of
from pbx.calls.ringing import FOREVER
from pbx.calls.runner import SDP, Runner, Side
from pbx.facts import EndReason
from pbx.push.desk import Notice
from pbx.sip.fields import NameAddr
from pbx.trunks.passage import Passage

PROBE_SECONDS = 0.7
"""A device that can be woken and has not even said "trying" by then sits behind a stale socket."""


def reach_target(runner: Runner, effect: do.ReachTarget, now: float) -> None:
    """Tell the call every way to a target, and which of its devices can be woken."""
    if effect.target.kind == "number":
        route = runner.call.route
        found = runner.outside.reach(effect.target, runner.plan, route.building, bool(route.panel), now)
        runner.call.target_reached(effect.ring, found, now)
        return
    devices = frozenset(runner.plan.devices_of(effect.target)) - {runner.call.caller.device}
    runner.rung[effect.ring] = devices
    site, find = runner.call.caller.site, runner.around.location.find
    sleepers = {device for device in devices if runner.around.push.can_wake(site, device)}
    reaches = [
        reach_of(binding, PROBE_SECONDS if device in sleepers else FOREVER)
        for device in sorted(devices)
        for binding in find(site, device)
    ]
    absent = sorted(sleepers - {reach.device for reach in reaches})
    runner.call.target_reached(effect.ring, reaches, now, absent)


def place_leg(runner: Runner, effect: do.PlaceLeg, now: float) -> None:
    """Ring one way to a device, or a telephone outside."""
    if isinstance(effect.reach, Passage | Denial):
        _place_outside(runner, effect, now)
        return
    binding = effect.reach
    like = None if runner.offerless else runner.call.caller.leg
    try:
        body = runner.media.offer(
            effect.leg,
            like=like,
            role=leg_role(runner.plan.device(effect.device)),
            toward=binding.flow.remote[0],
            profile=runner.around.profile(binding.flow),
        )
    except (NoCapacity, SdpError):
        runner.call.leg_refused(effect.leg, EndReason.OVERLOAD, False, now)
        return
    session = runner.around.engine.invite(
        target=binding.contact,
        from_=shown_caller(runner),
        to=f"<sip:{binding.aor}@{runner.call.caller.site}>",
        contact=None,
        flow=binding.flow,
        body=body,
        content_type=SDP,
        context=Side(runner, effect.leg),
        headers=() if runner.preview is None else (runner.preview.header(effect.leg),),
        expires=effect.expires,
        route=binding.path,
        now=now,
    )
    runner.sessions[effect.leg] = session
    runner.dialogs.append(session.call_id)


def _place_outside(runner: Runner, effect: do.PlaceLeg, now: float) -> None:
    way: Passage | Denial = effect.reach
    if isinstance(way, Denial):
        runner.go_on(effect.leg, way.reason, now)
    else:
        runner.go_on(effect.leg, runner.outside.place(effect.leg, way, effect.expires, now), now)


def find_other_way(runner: Runner, effect: do.FindOtherWay, now: float) -> None:
    """A leg is silent: another carrier, or push."""
    if effect.leg not in runner.outside:
        runner.call.device_asleep(effect.leg, now)
        return
    session = runner.outside.silent(effect.leg, now)
    if session is not None:
        runner.go_on(effect.leg, session, now)


def wake_device(runner: Runner, effect: do.WakeDevice, now: float) -> None:
    """Push, with a picture where the panel sends one."""
    caller, picture = runner.call.caller, ""
    if runner.preview is not None:
        picture = runner.preview.header(asleep(effect.device))[1] + ".jpg"
    name = NameAddr.parse(shown_caller(runner)).display or ""
    label, seconds = runner.call.route.label, effect.seconds
    notice = Notice(caller.site, effect.device, caller.call, name, label, picture, seconds)
    runner.around.push.ring(notice, now)


def let_sleep(runner: Runner, effect: do.LetSleep, now: float) -> None:
    """Nobody rings there any more."""
    runner.around.push.ended(runner.call.caller.call, effect.device, now)
    if runner.preview is not None:
        runner.preview.leg_gone(asleep(effect.device))


def end_leg(runner: Runner, effect: do.EndLeg, now: float) -> None:
    """BYE or CANCEL, and no media."""
    session = runner.sessions.pop(effect.leg, None)
    runner.outside.over(effect.leg)
    runner.listening.discard(effect.leg)
    if session is not None:
        session.context = None
        session.end(now, cancel_reason(effect.reason))
    if runner.preview is not None:
        runner.preview.leg_gone(effect.leg)
    runner.media.drop(effect.leg)


def shown_caller(runner: Runner) -> str:
    """The From that devices show: where the visitor stands, or who of the house calls."""
    caller = runner.call.caller
    device = runner.plan.device(caller.device)
    person = runner.plan.person_of(caller.device)
    if person is not None:
        name, user = person.shown_name, person.user
    elif device is not None:
        name, user = device.name or device.username, device.username
    else:
        name, user = "", "anonymous"
    return str(NameAddr(name, f"sip:{user}@{caller.site}", {}))


def asleep(device: str) -> str:
    """Under what name a sleeping device may see the panel's picture, since it has no leg."""
    return f"asleep {device}"

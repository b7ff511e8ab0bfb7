"""Answers a call: whom to ring, in which order and for how long, or why not.

Time windows, hiding and do-not-disturb are looked at once, at the start of the call. Targets that cannot be
rung then (switched off, outside their window, hidden, undisturbed, without a device) are left out of the
Route, and a step of which nobody remains is skipped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialplan.directory import Button, Device, Panel
from dialplan.expand import confirm_numbers, expand, ring
from dialplan.numbers import Dialled, classify
from dialplan.plan import DialPlan
from dialplan.route import RING_LIMIT, Node, Parallel, Reject, Ring, Route, Target

PEOPLE_RING_SECONDS = 60.0
"""How long a call between people rings."""

PEOPLE_TALK_SECONDS = 7200.0
"""How long a call between people may last."""

SHORTEST_OUTSIDE = 5
"""Fewer digits are no telephone number that somebody may dial."""

UNKNOWN = Reject(404, "Nobody by that name or number")
ELSEWHERE = Reject(404, "No telephone numbers outside")
EMERGENCY = Reject(403, "Not an emergency telephone")
NOT_ALLOWED = Reject(403, "Not from this device")
CHOOSE = Reject(484, "Choose a name from the list")
UNAVAILABLE = Reject(480, "Nobody to be reached now")


def resolve(plan: DialPlan, caller_device: str, dialled_user: str, at: datetime) -> Route | Reject:
    """The Route of a call from a device (its id) to what it dialled, made at the moment `at`.

    A panel reaches the buttons it shows and the names in its grouped ones; a resident's device reaches
    people and devices of the site; a controller reaches nothing. Raises ValueError if `at` has no time
    zone.
    """
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    caller = plan.device(caller_device)
    if caller is None or caller.kind == "controller":
        return NOT_ALLOWED
    dialled = classify(dialled_user)
    panel = plan.panel(caller.id)
    if dialled.kind == "emergency":
        return _emergency(plan, caller, dialled.value) if panel is None else EMERGENCY
    if panel is not None:
        return _from_panel(plan, panel, dialled.value, at) if dialled.kind != "tel" else ELSEWHERE
    if plan.at_address(dialled_user) is None and _may_be_outside(plan, dialled):
        return _outside(plan, caller, dialled.value)
    return _between_people(plan, caller, dialled.value, at) if dialled.kind != "tel" else ELSEWHERE


def _from_panel(plan: DialPlan, panel: Panel, dialled: str, at: datetime) -> Route | Reject:
    button = plan.button_at(panel.device, dialled)
    if button is None:
        return _choice(plan, panel, dialled, at)
    if button.kind == "grouped":
        return CHOOSE
    if not plan.shown(button, at):
        return UNAVAILABLE
    return _pressed(plan, panel, button, at)


def _choice(plan: DialPlan, panel: Panel, dialled: str, at: datetime) -> Route | Reject:
    """A name in the list of a grouped button: it rings as its own button where there is one, wherever
    shown.
    """
    for button in plan.buttons_on(panel.device):
        if not plan.shown(button, at):
            continue
        for target, choice in plan.choices(button, at):
            if dialled in (choice.user, choice.number):
                own = plan.own_button(target.id) if target.kind == "person" else None
                if own is not None:
                    return _pressed(plan, panel, own, at)
                seconds = float(button.ring_seconds)
                root = ring(plan, target, seconds) if plan.callable(target, at) else None
                return _route(plan, panel, replace(button, label=choice.label), root, at)
    return UNKNOWN


def _pressed(plan: DialPlan, panel: Panel, button: Button, at: datetime) -> Route | Reject:
    if button.kind == "individual":
        target = Target("person", button.person)
        root = ring(plan, target, float(button.ring_seconds)) if plan.callable(target, at) else None
        return _route(plan, panel, button, root, at)
    return _route(plan, panel, button, expand(plan, button.group, at), at)


def _route(plan: DialPlan, panel: Panel, button: Button, root: Node | None, at: datetime) -> Route | Reject:
    fallback = expand(plan, button.fallback, at) if button.fallback else None
    if root is None and fallback is None:
        return UNAVAILABLE
    return Route(
        button=button.id,
        label=button.label,
        root=confirm_numbers(root) if root is not None else Parallel(()),
        fallback=confirm_numbers(fallback) if fallback is not None else None,
        ring_limit=min(float(button.ring_limit), RING_LIMIT),
        decline=button.decline,
        talk_limit=float(button.talk_seconds or panel.talk_seconds),
        panel=panel.device,
        building=panel.building,
    )


def _between_people(plan: DialPlan, caller: Device, dialled: str, at: datetime) -> Route | Reject:
    target = plan.at_address(dialled)
    if target is None:
        return UNKNOWN
    device = plan.device(target.id) if target.kind == "device" else None
    if device is not None and device.kind == "controller":
        return NOT_ALLOWED
    root = _others(plan, caller, target) if plan.callable(target, at) else None
    if root is None:
        return UNAVAILABLE
    return Route(
        button="",
        label=plan.label_of(target),
        root=root,
        fallback=None,
        ring_limit=PEOPLE_RING_SECONDS,
        decline="others_ring",
        talk_limit=PEOPLE_TALK_SECONDS,
        panel="",
        building=plan.building_of(caller.id),
    )


def _emergency(plan: DialPlan, caller: Device, number: str) -> Route | Reject:
    """Refused in plain words, unless the site says by which trunk help is reached."""
    if plan.telephony is None or not plan.telephony.emergency:
        return EMERGENCY
    return _outside(plan, caller, number)


def _may_be_outside(plan: DialPlan, dialled: Dialled) -> bool:
    """Whether the site lets its people dial such a number themselves."""
    if plan.telephony is None or not plan.telephony.dial_out:
        return False
    return dialled.kind == "tel" or (dialled.value.isdecimal() and len(dialled.value) >= SHORTEST_OUTSIDE)


def _outside(plan: DialPlan, caller: Device, number: str) -> Route:
    """A call by a trunk; what it may cost, and whether the number is one, is not the plan's to know."""
    root = Ring(Target("number", number), 0.0, PEOPLE_RING_SECONDS)
    building = plan.building_of(caller.id)
    return Route(
        button="",
        label=number,
        root=root,
        fallback=None,
        ring_limit=PEOPLE_RING_SECONDS,
        decline="others_ring",
        talk_limit=PEOPLE_TALK_SECONDS,
        panel="",
        building=building,
    )


def _others(plan: DialPlan, caller: Device, target: Target) -> Node | None:
    """The target, without the calling device where the target is its own owner; None if nothing remains."""
    devices = plan.devices_of(target)
    if caller.id not in devices:
        return confirm_numbers(ring(plan, target, PEOPLE_RING_SECONDS))
    rest = tuple(
        Ring(Target("device", device), 0.0, PEOPLE_RING_SECONDS) for device in devices if device != caller.id
    )
    return Parallel(rest) if rest else None

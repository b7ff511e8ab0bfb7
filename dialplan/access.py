"""May this person, or this device, open this door now, by this method: Granted, or Denied and why.

Fire beats lockdown beats hold beats rights. The state of a door is handed in by whoever watches doors; an
exit needs no right and does not pass here (it is wired past us).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialplan.directory import Door
from dialplan.groups import Rule
from dialplan.plan import DialPlan
from dialplan.route import Target
from dialplan.rows import Method

DenialReason = Literal[
    "unknown_door",
    "unknown_subject",
    "wrong_panel",
    "lockdown",
    "tamper",
    "no_right",
    "wrong_method",
    "wrong_time",
    "used_up",
]


@dataclass(frozen=True, slots=True)
class DoorState:
    """What holds for a door at the moment, besides rights; `tamper`: for the panel at which it is asked."""

    fire: bool = False
    lockdown: bool = False
    hold: bool = False
    tamper: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """Open for so many seconds. `why`: "fire", "hold", or the id of the rule that allows it."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Denied:
    """Do not open. `wrong_method` and `wrong_time`: there is a right, but not by this method, or not now."""

    reason: DenialReason


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose rights count: ids, or "" for none."""

    person: str
    unit: str
    building: str


AT_REST = DoorState()


def may_open(
    plan: DialPlan,
    subject: Target,
    door: str,
    method: Method,
    at: datetime,
    *,
    panel: str = "",
    state: DoorState = AT_REST,
) -> Granted | Denied:
    """Whether `subject` (a person; a device: its owner; a telephone: one of its people) may open `door`.

    By "visitor_call" the subject is the device that answered, `panel` the panel that called; the door must
    be one of that panel's. Raises ValueError if `at` has no time zone.
    """
    found = plan.door(door)
    if found is None:
        return Denied("unknown_door")
    if subject.kind == "number":
        return _by_telephone(plan, subject.id, door, method, at, panel, state)
    who = who_is(plan, subject)
    if who is None:
        return Denied("unknown_subject")
    by_state = _by_state(found, state)
    if by_state is not None:
        return by_state
    if state.tamper and method == "code":  # app, station and telephone still open (decision 13)
        return Denied("tamper")
    if method == "visitor_call" and not _stands_at(plan, panel, door):
        return Denied("wrong_panel")
    return _by_rules(plan.rules_for(door), found, who, method, at)


def may_operate(plan: DialPlan, door: str, *, state: DoorState = AT_REST) -> Granted | Denied:
    """Whether an operator whose account holds for this site may open `door` (method "api").

    His authority is the account, not a rule of the plan; what holds for the door still counts before it.
    """
    found = plan.door(door)
    if found is None:
        return Denied("unknown_door")
    by_state = _by_state(found, state)
    return by_state if by_state is not None else Granted(found.open_seconds, "operator")


def _by_telephone(
    plan: DialPlan, number: str, door: str, method: Method, at: datetime, panel: str, state: DoorState
) -> Granted | Denied:
    """Who answers a telephone may do what one of those whose telephone it is may do."""
    denied = Denied("unknown_subject")
    for person in plan.whose_telephone(number):
        decided = may_open(plan, Target("person", person.id), door, method, at, panel=panel, state=state)
        if isinstance(decided, Granted):
            return decided
        denied = decided
    return denied


def _by_state(door: Door, state: DoorState) -> Granted | Denied | None:
    if state.fire:
        return Granted(door.open_seconds, "fire")
    if state.lockdown and door.lockdown:  # never on an escape route that has no exit hardware of its own
        return Denied("lockdown")
    return Granted(door.open_seconds, "hold") if state.hold else None


def _by_rules(
    rules: Iterable[Rule], door: Door, who: Subject, method: Method, at: datetime
) -> Granted | Denied:
    denied = Denied("no_right")
    for rule in rules:
        if not _concerns(rule, who):
            continue
        if method not in rule.methods:
            denied = denied if denied.reason == "wrong_time" else Denied("wrong_method")
        elif rule.window is not None and not rule.window.is_open(at):
            denied = Denied("wrong_time")
        else:
            return Granted(door.open_seconds, rule.id)
    return denied


def _concerns(rule: Rule, who: Subject) -> bool:
    return who.person in rule.people or who.unit in rule.units or who.building in rule.buildings


def _stands_at(plan: DialPlan, panel: str, door: str) -> bool:
    """The panel's doors, and those that open after them."""
    found = plan.panel(panel)
    if found is None:
        return False
    return door in found.doors or any(
        each.door == door for own in found.doors if (first := plan.door(own)) for each in first.then
    )


def who_is(plan: DialPlan, subject: Target) -> Subject | None:
    """Whose rights count: a person's (with those of the unit and building), or those of a unit by its
    device.
    """
    if subject.kind == "person":
        person = plan.person(subject.id)
        return Subject(person.id, person.unit, _building(plan, person.unit)) if person is not None else None
    device = plan.device(subject.id) if subject.kind == "device" else None
    if device is None:
        return None
    if device.unit:
        return Subject("", device.unit, _building(plan, device.unit))
    return who_is(plan, Target("person", device.person))


def _building(plan: DialPlan, unit: str) -> str:
    found = plan.unit(unit)
    return found.building if found is not None else ""

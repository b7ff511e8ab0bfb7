"""May X open this door at T by M, and why: the answer that `access` gives, with what led to it.

For the page on which an admin asks, and for an operator's question; nothing is opened by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from dialplan.access import AT_REST, Denied, DoorState, Granted, Subject, may_open, who_is
from dialplan.groups import Rule
from dialplan.openings import openings
from dialplan.plan import DialPlan
from dialplan.route import Target
from dialplan.rows import Method

Outcome = Literal["grants", "wrong_method", "wrong_time"]
Holder = Literal["person", "unit", "building"]


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule that concerns the subject, by what it holds the right (`holder`, its id), and what the rule
    says at that moment."""

    rule: str
    holder: Holder
    id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stop:
    """A door on the way, when it would open at the earliest, and whether it may."""

    door: str
    at: datetime
    verdict: Granted | Denied


@dataclass(frozen=True, slots=True)
class Explanation:
    """`verdict` is `may_open`'s; `grounds` are all rules that concern the subject at this door, in order of
    their ids; `way` the door and what opens after it, ending with the first that may not."""

    verdict: Granted | Denied
    state: DoorState
    grounds: tuple[Ground, ...]
    way: tuple[Stop, ...]


def explain(
    plan: DialPlan,
    subject: Target,
    door: str,
    method: Method,
    at: datetime,
    *,
    panel: str = "",
    state: DoorState = AT_REST,
) -> Explanation:
    """Why `may_open` answers as it does; the arguments are the same, `state` counts for the whole way."""
    who = who_is(plan, subject)
    rules = plan.rules_for(door) if who is not None else ()
    grounds = (_ground(rule, who, method, at) for rule in rules if who is not None)
    stops: list[Stop] = []
    moment = at
    for step in openings(plan, door):
        moment += timedelta(seconds=step.delay)
        verdict = may_open(plan, subject, step.door, method, moment, panel=panel, state=state)
        stops.append(Stop(step.door, moment, verdict))
        if isinstance(verdict, Denied):
            break
    verdict = may_open(plan, subject, door, method, at, panel=panel, state=state)
    return Explanation(verdict, state, tuple(each for each in grounds if each is not None), tuple(stops))


def _ground(rule: Rule, who: Subject, method: Method, at: datetime) -> Ground | None:
    held = _held(rule, who)
    if held is None:
        return None
    if method not in rule.methods:
        return Ground(rule.id, *held, "wrong_method")
    if rule.window is not None and not rule.window.is_open(at):
        return Ground(rule.id, *held, "wrong_time")
    return Ground(rule.id, *held, "grants")


def _held(rule: Rule, who: Subject) -> tuple[Holder, str] | None:
    if who.person in rule.people:
        return "person", who.person
    if who.unit in rule.units:
        return "unit", who.unit
    return ("building", who.building) if who.building in rule.buildings else None

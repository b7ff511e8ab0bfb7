"""Who opens what: people down, doors across; what stays readable at 500 people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dialplan.plan import DialPlan
from dialplan.rows import METHODS

Cell = Literal["always", "limited", "never"]


@dataclass(frozen=True, slots=True)
class Right:
    """What one person may do at one door: in every way at every time, in some, or not at all. `ways` and
    `during` (names of schedules) say which.
    """

    cell: Cell
    ways: frozenset[str] = frozenset()
    during: frozenset[str] = frozenset()


NONE = Right("never")


def rights(plan: DialPlan, people: Iterable[str], doors: Sequence[str]) -> Mapping[str, tuple[Right, ...]]:
    """For each person a right for each door, in the doors' order."""
    units = {unit.id: unit.building for unit in plan.directory.units}
    homes = {person.id: person.unit for person in plan.directory.people}
    seen: dict[tuple[str, ...], tuple[Right, ...]] = {}
    named = {person for rule in plan.rules for person in rule.people}
    found = {}
    for person in people:
        unit = homes.get(person, "")
        who = (person if person in named else "", unit, units.get(unit, ""))
        if who not in seen:  # neighbours have the same rights
            seen[who] = tuple(_right(plan, who, door) for door in doors)
        found[person] = seen[who]
    return found


def _right(plan: DialPlan, who: tuple[str, str, str], door: str) -> Right:
    person, unit, building = who
    ways: set[str] = set()
    during: set[str] = set()
    whole: set[str] = set()
    for rule in plan.rules_for(door):
        if not (person in rule.people or unit in rule.units or building in rule.buildings):
            continue
        ways |= rule.methods
        if rule.window is None:
            whole |= rule.methods
        else:
            during.add(rule.window.schedule.name)
    if not ways:
        return NONE
    if whole == set(METHODS):
        return Right("always", frozenset(ways))
    return Right("limited", frozenset(ways), frozenset(during if ways - whole else ()))

"""Which doors an order opens, in which order, and how long after one another."""

from __future__ import annotations

from dialplan.directory import Then
from dialplan.plan import DialPlan


def openings(plan: DialPlan, door: str) -> tuple[Then, ...]:
    """The door asked for (delay 0), then the doors that open after it; empty for a door nobody knows.

    What follows the doors that follow does not count: a way in is written once, at its first door.
    """
    found = plan.door(door)
    return () if found is None else (Then(door, 0), *found.then)

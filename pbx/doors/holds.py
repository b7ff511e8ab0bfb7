"""Doors that stand open for a while: by schedule, or because there is a fire.

A hold is a lease of 30 s at the relay guard, renewed every `RENEW` seconds. Who renews it may die: the door
then falls back to its resting state by itself. Fire beats lockdown beats hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from dialplan.access import DoorState, Granted
from dialplan.directory import Door
from dialplan.plan import DialPlan
from pbx.doors.opener import HOLDS, Opener, OpenResult
from pbx.doors.watch import Watch
from pbx.facts import DoorHeld, DoorReleased, Facts

TURN = 5.0
"""How often schedules are looked at, in seconds."""
RENEW = 12.0
"""A renewal may be lost, and the next still comes within the lease."""

Key = tuple[str, str]


def reason_to_hold(door: Door, state: DoorState) -> str:
    """Why a door should stand open now: "fire", "hold", or "" for not at all.

    A fire opens what people flee by, and locks that power failure would open too; a flat's own door stays.
    """
    if door.driver not in HOLDS:
        return ""
    if state.fire and (door.escape_route or door.fail == "safe"):
        return "fire"
    locked = state.lockdown and door.lockdown
    return "hold" if state.hold and not locked else ""


class Holds:
    """Keeps leases; a `Timed` by way of the doorkeeper."""

    def __init__(
        self,
        plans: Mapping[str, DialPlan],
        watch: Watch,
        opener: Opener,
        facts: Facts,
        civil: Callable[[], datetime],
    ) -> None:
        self._plans, self._watch, self._opener = plans, watch, opener
        self._facts, self._civil = facts, civil
        self._held: dict[Key, tuple[str, float]] = {}
        self._told: set[Key] = set()
        self._due = 0.0

    def is_held(self, site: str, door: str) -> bool:
        """Whether a hold was ordered for this door."""
        return (site, door) in self._held

    def soon(self) -> None:
        """Something changed: look at the next turn of the clock."""
        self._due = 0.0

    def next_deadline(self) -> float:
        """When schedules and leases are looked at again."""
        return self._due

    def handle_timeout(self, now: float) -> None:
        """Begin, renew and end holds."""
        if now < self._due:
            return
        self._due, at = now + TURN, self._civil()
        wanted: dict[Key, str] = {}
        for plan in self._plans.values():
            burning = self._watch.burning(plan)
            for door in plan.directory.doors:
                if door.hold is None and door.building not in burning:
                    continue
                if why := reason_to_hold(door, self._watch.state(plan, door, at)):
                    wanted[plan.site, door.id] = why
        for key in self._held.keys() - wanted.keys():
            del self._held[key]
            self._send(key, "", now)
        for key, why in wanted.items():
            before = self._held.get(key)
            if before is None or before[0] != why or now >= before[1] + RENEW:
                self._held[key] = (why, now)
                self._send(key, why, now)

    def _send(self, key: Key, why: str, now: float) -> None:
        plan = self._plans.get(key[0])
        door = plan.door(key[1]) if plan is not None else None
        if plan is None or door is None:  # gone from the plan: its lease runs out
            self._told.discard(key)
            return
        granted = Granted(door.open_seconds, why or "release")
        order = self._opener.order(
            plan, door, granted, method=why or "release", action="hold" if why else "release"
        )
        self._opener.hold(order, lambda result: self._done(key, why, result), now)

    def _done(self, key: Key, why: str, result: OpenResult) -> None:
        if not result.opened:
            if why and key in self._held:  # try again at the next turn, not only when it must be renewed
                self._held[key] = (why, result.at - RENEW)
            return
        if why and key not in self._told:
            self._told.add(key)
            self._facts.publish(DoorHeld(*key, why))
        elif not why and key in self._told:
            self._told.discard(key)
            self._facts.publish(DoorReleased(*key))

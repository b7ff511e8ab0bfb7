"""What is known of a site's doors beside the plan: lockdowns, fire, tampering, contacts [S].

Everything here is state, not history: an event that comes twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from dialplan.access import DoorState
from dialplan.directory import Door
from dialplan.plan import DialPlan


@dataclass(frozen=True, slots=True)
class Lockdown:
    """A door is locked until a moment; `by` is the account or alarm that set it, never a visitor."""

    site: str
    door: str
    until: datetime
    by: str


class Watch:
    """The state of doors. Inputs are known by site, device and name; forgotten when their device is away."""

    __slots__ = ("_inputs", "_lockdowns")

    def __init__(self) -> None:
        self._inputs: dict[tuple[str, str], dict[str, tuple[str, bool]]] = {}
        self._lockdowns: dict[tuple[str, str], Lockdown] = {}

    def lock(self, lockdown: Lockdown) -> None:
        """Lock one door; a later one for the same door takes its place."""
        self._lockdowns[lockdown.site, lockdown.door] = lockdown

    def unlock(self, site: str, door: str) -> bool:
        """Lift a lockdown; False when there was none."""
        return self._lockdowns.pop((site, door), None) is not None

    def expired(self, at: datetime) -> list[Lockdown]:
        """Take out the lockdowns whose time is over."""
        over = [each for each in self._lockdowns.values() if each.until <= at]
        for each in over:
            del self._lockdowns[each.site, each.door]
        return over

    def lockdowns(self, site: str) -> list[Lockdown]:
        """The lockdowns of a site, by door."""
        return sorted((each for each in self._lockdowns.values() if each.site == site), key=lambda x: x.door)

    def learn(self, site: str, device: str, name: str, kind: str, on: bool) -> bool:
        """An input's state; whether that is news. That something is at rest is none the first time."""
        inputs = self._inputs.setdefault((site, device), {})
        before = inputs.get(name)
        inputs[name] = (kind, on)
        return on if before is None else before != (kind, on)

    def forget_contacts(self, site: str, device: str) -> None:
        """The device is away: nobody knows whether its doors are shut. Fire and tampering last until it says
        that they are over."""
        inputs = self._inputs.get((site, device), {})
        for name in [name for name, (kind, _) in inputs.items() if kind == "contact"]:
            del inputs[name]

    def stands_open(self, site: str, door: Door) -> bool | None:
        """Whether the door's contact says that it is open; None when nobody knows."""
        found = self._inputs.get((site, door.controller), {}).get(door.contact) if door.contact else None
        return found[1] if found is not None and found[0] == "contact" else None

    def tampered(self, site: str, device: str) -> bool:
        """Whether this device says that somebody opened it."""
        return ("tamper", True) in self._inputs.get((site, device), {}).values()

    def burning(self, plan: DialPlan) -> Collection[str]:
        """The ids of the buildings in which a fire input is on."""
        return {
            plan.building_of(device)
            for (site, device), inputs in self._inputs.items()
            if site == plan.site and ("fire", True) in inputs.values()
        }

    def state(self, plan: DialPlan, door: Door, at: datetime, panel: str = "") -> DoorState:
        """What holds for a door now; `panel` is where somebody stands who types a code."""
        lockdown = self._lockdowns.get((plan.site, door.id))
        return DoorState(
            fire=door.building in self.burning(plan),
            lockdown=lockdown is not None and at < lockdown.until,
            hold=door.hold is not None and door.hold.is_open(at),
            tamper=bool(panel) and self.tampered(plan.site, panel),
        )

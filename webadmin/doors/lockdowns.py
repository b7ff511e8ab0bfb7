"""What is locked down now, and orders to lock and to lift, as the PBX takes them.

A lockdown is no revision: it lives in the PBX, ends by itself, and undo never touches it (decision 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webadmin.pbx_link import PbxAway, PbxLink


@dataclass(frozen=True, slots=True)
class Locked:
    """A door that is locked down. `by`: who set it, without the name of the account that carried it."""

    until: datetime
    by: str


def states(link: PbxLink, domain: str) -> Mapping[str, Locked] | None:
    """The doors of a site that are locked down, by id; None when the PBX does not answer."""
    try:
        found = link.listing("DoorList", "DoorListComplete", Site=domain)
    except PbxAway:
        return None
    locked = {}
    for each in found:
        until = _moment(each.get("LockedUntil", ""))
        if until is not None and "Door" in each:
            locked[each["Door"]] = Locked(until, each.get("LockedBy", "").removeprefix("webadmin: "))
    return locked


def order(link: PbxLink, domain: str, doors: Sequence[str], seconds: int, by: str) -> list[str]:
    """Lock these doors down for so long, or lift it with 0 seconds; returns the doors it was not done for.

    Raises:
        PbxAway: the PBX does not answer.
    """
    fields = [{"Site": domain, "Door": door, "Seconds": str(seconds), "By": by} for door in doors]
    answers = link.orders("DoorLock", fields)
    return [door for door, why in zip(doors, answers, strict=True) if why]


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None

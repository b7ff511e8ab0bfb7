"""People and devices: who owns what, and until when somebody is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dialplan.errors import PlanError
from dialplan.rows import DeviceRow, Pause, SiteRows

_BUILT_IN = ("panel", "controller")


def pauses(rows: SiteRows) -> Iterator[PlanError]:
    """A pause lasts until a moment, not until a time that means another one elsewhere."""
    for person in rows.people:
        yield from _pause(f"people/{person.id}/hidden", person.hidden)
        yield from _pause(f"people/{person.id}/do_not_disturb", person.do_not_disturb)
    for button in rows.buttons:
        yield from _pause(f"buttons/{button.id}/hidden", button.hidden)


def owners(rows: SiteRows) -> Iterator[PlanError]:
    """An app belongs to a person, a phone or station to a person, unit or building, the rest to a
    building.
    """
    for device in rows.devices:
        yield from _owner(f"devices/{device.id}", device)


def _pause(where: str, pause: Pause) -> Iterator[PlanError]:
    if not isinstance(pause, datetime):
        return
    if pause.utcoffset() is None:
        hint = "write it like 2026-12-24T18:00:00+01:00"
        yield PlanError(where, "the time has no offset from UTC", hint, "no_offset")
    elif not 1970 < pause.year < 9000:
        hint = "choose a moment soon, or true for good"
        yield PlanError(where, f"the year is {pause.year}", hint, "far_year", (pause.year,))


def _owner(where: str, device: DeviceRow) -> Iterator[PlanError]:
    given = [field for field in ("person", "unit", "building") if getattr(device, field)]
    if device.kind in _BUILT_IN and given != ["building"]:
        message = f"a {device.kind} is part of a building"
        yield PlanError(where, message, "name its building, and nobody else", "owner_building")
    elif device.kind == "app" and given != ["person"]:
        hint = "name that person, and nobody else"
        yield PlanError(where, "an app belongs to one person", hint, "owner_person")
    elif len(given) != 1:
        message = "the device belongs to nobody" if not given else "the device has more than one owner"
        yield PlanError(where, message, "name one person, one unit or one building", "owner_one")

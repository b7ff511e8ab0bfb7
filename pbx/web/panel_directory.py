"""The directory a panel shows: the buttons a visitor may see now, as JSON with an entity tag."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialplan.plan import DialPlan, Entry

_KINDS = {"common_simultaneous": "simultaneous", "common_sequential": "sequential"}


@dataclass(frozen=True, slots=True)
class Directory:
    """One panel's directory at one moment: its text, and the tag by which it is known again."""

    body: bytes
    etag: str


def directory_of(
    plan: DialPlan, panel: str, at: datetime, has_pad: Callable[[str, str], bool],
    service: Mapping[str, object] | None = None,
) -> Directory | None:
    """What the panel with this device id shows; None when it is none of this plan's panels. `service`: its
    service mode, if it is in one."""
    device, found = plan.device(panel), plan.panel(panel)
    if device is None or found is None:
        return None
    building = plan.building(found.building)
    entries = plan.listing(panel, at)
    language = plan.directory.site.language
    content: dict[str, Any] = {
        "building": building.name if building is not None else "",
        "panel": device.name or device.username,
        "languages": [language, *(each for each in ("nb", "en") if each != language)],
        "caretaker": _caretaker(entries),
        "buttons": [_button(plan, entry) for entry in entries],
        "doors": [{"id": key, "name": door.name} for key in found.doors if (door := plan.door(key))],
        "camera_notice": found.camera_notice,
        "idle_seconds": found.idle_seconds,
        "codes": has_pad(plan.site, panel),
        **({"service": service} if service else {}),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Directory(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _button(plan: DialPlan, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.button,
        "user": entry.user,
        "label": entry.label,
        "sort": entry.label,
        "flat": _flat(plan, entry.button),
        "kind": _KINDS.get(entry.kind, entry.kind),
        "people": [{"label": choice.label, "user": choice.user} for choice in entry.choices],
    }


def _flat(plan: DialPlan, key: str) -> str | None:
    """The flat of an individual button, by which a visitor may search."""
    button = plan.button(key)
    person = plan.person(button.person) if button is not None and button.person else None
    unit = plan.unit(person.unit) if person is not None else None
    return unit.name if unit is not None else None


def _caretaker(entries: tuple[Entry, ...]) -> dict[str, str] | None:
    """The button that stays in sight."""
    found = next((entry for entry in entries if entry.caretaker), None)
    return {"user": found.user, "label": found.label} if found is not None else None

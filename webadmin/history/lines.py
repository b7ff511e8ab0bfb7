"""A change in sentences: which person, group or door, and which of its fields from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webadmin.languages import translate

MOST = 40
_KINDS = {
    "buildings": "Building", "units": "Unit", "people": "Person", "devices": "Device", "doors": "Door",
    "panels": "Panel", "groups": "Dial group", "buttons": "Button", "schedules": "Schedule",
    "calendars": "Calendar", "rules": "Access rule",
}  # fmt: skip


def lines_of(difference: Mapping[str, Mapping[str, list[Any]]], language: str) -> list[str]:
    """At most 40 sentences in this language."""
    lines = []
    for table, items in difference.items():
        for key, (before, after) in sorted(items.items()):
            row = after or before
            head = f"{translate(language, _KINDS[table])} {row.get('name') or row.get('label') or key}"
            if before is None:
                lines.append(translate(language, "{0}: new", head))
            elif after is None:
                lines.append(translate(language, "{0}: removed", head))
            else:
                lines += [f"{head}: {text}" for text in _fields(before, after, language)]
    return lines[:MOST] + (["…"] if len(lines) > MOST else [])


def _fields(before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> list[str]:
    names = [name for name in after if before.get(name) != after[name]]
    return [
        f"{translate(language, name.replace('_', ' '))}: "
        f"{_text(before.get(name), language)} → {_text(after[name], language)}"
        for name in names
    ]


def _text(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return translate(language, "yes" if value else "no")
    if isinstance(value, list):
        return ", ".join(_member(each, language) for each in value) or "–"
    return "–" if value in (None, "") else str(value)


def _member(each: Any, language: str) -> str:
    if not isinstance(each, dict):
        return str(each)
    text = str(each.get("id") or each.get("start") or each.get("digit") or "")
    return text if each.get("on", True) else f"{text} ({translate(language, 'off')})"

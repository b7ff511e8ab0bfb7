"""Changes of people as pure functions of a site's rows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialplan.rows import ButtonRow, DeviceRow, Pause, PersonRow, SiteRows
from webadmin.editing.changes import Edit, Stale, expect
from webadmin.editing.difference import with_row, without_row


def new_id(rows: SiteRows, table: str, name: str) -> str:
    """An id from a name that nothing of its kind has yet: letters of the name, and a number if needed."""
    plain = name.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48] or table[:-1]
    taken = {item.id for item in (*getattr(rows, table), *rows.people, *rows.devices, *rows.buttons)}
    users = {getattr(item, "user", "") for item in (*rows.people, *rows.buttons)}
    number, found = 1, base
    while found in taken or found in users:
        number += 1
        found = f"{base}-{number}"
    return found


def one(rows: SiteRows, table: str, key: str) -> Any:
    """The row with this id; `Stale` when it is gone."""
    row = next((item for item in getattr(rows, table) if item.id == key), None)
    if row is None:
        raise Stale
    return row


def pause(on: bool, until: datetime | None) -> Pause:
    """A switch with or without an end."""
    return until if on and until is not None else on


def move_in(person: PersonRow, device: str, button: bool) -> Edit:
    """Add a person (whose id is chosen here), a device of this kind, and a button of the person's own."""

    def edit(rows: SiteRows) -> SiteRows:
        made = replace(person, id=new_id(rows, "people", person.name))
        rows = with_row(rows, "people", made)
        if device:
            rows = add_device(made.id, device, "")(rows)
        if button:
            rows = with_row(rows, "buttons", ButtonRow(f"{made.id}-button"[:64], person=made.id))
        return rows

    return edit


def add_device(person: str, kind: Any, name: str) -> Edit:
    """Give a person one more device."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "people", person)
        key = new_id(rows, "devices", f"{person}-{kind}")
        return with_row(rows, "devices", DeviceRow(key, kind, name=name, person=person))

    return edit


def save_person(person: PersonRow, version: str) -> Edit:
    """Change a person unless somebody else did meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        now = one(rows, "people", person.id)
        expect(now, version)
        return with_row(rows, "people", replace(person, user=now.user, ring_station=now.ring_station))

    return edit


def remove_device(key: str) -> Edit:
    """Take a device away, also out of dial groups."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "devices", key)
        return without_row(_out_of_groups(rows, "device", key), "devices", key)

    return edit


def move_out(key: str) -> Edit:
    """Take a person away with devices, own buttons, places in dial groups, and rights."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "people", key)
        for device in [device.id for device in rows.devices if device.person == key]:
            rows = remove_device(device)(rows)
        rows = _out_of_groups(rows, "person", key)
        buttons = tuple(button for button in rows.buttons if button.person != key)
        rules = tuple(
            replace(rule, people=tuple(each for each in rule.people if each != key)) for rule in rows.rules
        )
        rules = tuple(rule for rule in rules if rule.people or rule.units or rule.buildings)
        return without_row(replace(rows, buttons=buttons, rules=rules), "people", key)

    return edit


def _out_of_groups(rows: SiteRows, kind: str, key: str) -> SiteRows:
    groups = tuple(
        replace(group, members=tuple(each for each in group.members if (each.kind, each.id) != (kind, key)))
        for group in rows.groups
    )
    return replace(rows, groups=groups)

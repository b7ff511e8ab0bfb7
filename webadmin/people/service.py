"""Changes of people as pure functions of a site's rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialplan.rows import ButtonRow, DeviceRow, Pause, PersonRow, SiteRows
from webadmin.editing.changes import Edit, Stale, expect
from webadmin.editing.difference import with_row, with_rows, without_row


def new_id(rows: SiteRows, table: str, name: str) -> str:
    """An id from a name that nothing of its kind has yet: letters of the name, and a number if needed."""
    return _free(name, table, taken(rows) | {item.id for item in getattr(rows, table)})


def taken(rows: SiteRows) -> set[str]:
    """Ids and addresses of people, devices and buttons: what is called cannot be called the same."""
    called: tuple[PersonRow | ButtonRow, ...] = (*rows.people, *rows.buttons)
    names = {name for item in called for name in (item.id, item.user)}
    return names | {device.id for device in rows.devices}


def _free(name: str, table: str, used: Container[str]) -> str:
    plain = name.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48] or table[:-1]
    number, found = 1, base
    while found in used:
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
    return move_in_all((person,), device, button)


def move_in_all(people: Sequence[PersonRow], device: Any, button: bool) -> Edit:
    """`move_in` for many, at a price that grows with them alone."""

    def edit(rows: SiteRows) -> SiteRows:
        used = taken(rows)
        persons, devices, buttons = [], [], []
        for person in people:
            made = replace(person, id=_free(person.name, "people", used))
            persons.append(made)
            used.add(made.id)
            if device:
                key = _free(f"{made.id}-{device}", "devices", used)
                devices.append(DeviceRow(key, device, person=made.id))
                used.add(key)
            if button:
                buttons.append(ButtonRow(f"{made.id}-button"[:64], person=made.id))
                used.add(buttons[-1].id)
        rows = with_rows(with_rows(rows, "people", persons), "devices", devices)
        return with_rows(rows, "buttons", buttons)

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
        return without_row(_out_of_groups(rows, {("device", key)}), "devices", key)

    return edit


def move_out(key: str) -> Edit:
    """Take a person away with devices, own buttons, places in dial groups, and rights."""
    return move_out_all((key,))


def move_out_all(keys: Collection[str]) -> Edit:
    """`move_out` for many, in one look at the site."""
    gone = frozenset(keys)

    def edit(rows: SiteRows) -> SiteRows:
        if not gone <= {person.id for person in rows.people}:
            raise Stale
        left = {device.id for device in rows.devices if device.person in gone}
        places = {("person", key) for key in gone} | {("device", key) for key in left}
        rules = tuple(
            replace(rule, people=tuple(each for each in rule.people if each not in gone))
            for rule in rows.rules
        )
        return replace(
            _out_of_groups(rows, places),
            people=tuple(person for person in rows.people if person.id not in gone),
            devices=tuple(device for device in rows.devices if device.id not in left),
            buttons=tuple(button for button in rows.buttons if button.person not in gone),
            rules=tuple(rule for rule in rules if rule.people or rule.units or rule.buildings),
        )

    return edit


def _out_of_groups(rows: SiteRows, places: Container[tuple[str, str]]) -> SiteRows:
    groups = tuple(
        replace(group, members=tuple(each for each in group.members if (each.kind, each.id) not in places))
        for group in rows.groups
    )
    return replace(rows, groups=groups)

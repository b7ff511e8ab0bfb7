"""Changes of dial groups as pure functions of a site's rows."""

from __future__ import annotations

from dataclasses import replace

from dialplan.rows import GroupRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one

AS_IT_IS = "="
"""The fallback's choice where buttons differ: leave each its own."""


def add_group(group: GroupRow) -> Edit:
    """A new group; its id is chosen here."""

    def edit(rows: SiteRows) -> SiteRows:
        return with_row(rows, "groups", replace(group, id=new_id(rows, "groups", group.name)))

    return edit


def save_group(group: GroupRow, version: str, fallback: str) -> Edit:
    """Change a group, and what its buttons do when it is over, unless somebody else was here meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        expect(state(rows, group.id), version)
        rows = with_row(rows, "groups", group)
        if fallback == AS_IT_IS:
            return rows
        buttons = tuple(
            replace(button, fallback=fallback) if button.group == group.id else button
            for button in rows.buttons
        )
        return replace(rows, buttons=buttons)

    return edit


def remove_group(key: str) -> Edit:
    """Take a group away; what uses it makes the compiler say so."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "groups", key)
        return without_row(rows, "groups", key)

    return edit


def state(rows: SiteRows, key: str) -> tuple[GroupRow, str]:
    """What the form of a group shows: the group and its fallback."""
    return one(rows, "groups", key), fallback_of(rows, key)


def fallback_of(rows: SiteRows, key: str) -> str:
    """What all its buttons fall back to; `AS_IT_IS` when they differ."""
    found = {button.fallback for button in rows.buttons if button.group == key}
    return found.pop() if len(found) == 1 else AS_IT_IS if found else ""

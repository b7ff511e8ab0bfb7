"""Changes of doors as pure functions of a site's rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialplan.rows import DoorRow, RuleRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one


def add_door(door: DoorRow, panels: Sequence[str] = (), everybody: bool = False) -> Edit:
    """A new door; its id is chosen here.

    Args:
        panels: those that stand at it.
        everybody: whether everybody of its building may open it in every way.
    """

    def edit(rows: SiteRows) -> SiteRows:
        key = new_id(rows, "doors", door.name)
        rows = with_row(rows, "doors", replace(door, id=key))
        stand_at = tuple(
            replace(panel, doors=(*panel.doors, key)) if panel.device in panels else panel
            for panel in rows.panels
        )
        rows = replace(rows, panels=stand_at)
        if not everybody:
            return rows
        return with_row(
            rows, "rules", RuleRow(new_id(rows, "rules", key), (key,), buildings=(door.building,))
        )

    return edit


def save_door(door: DoorRow, version: str) -> Edit:
    """Change a door unless somebody else did meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        expect(one(rows, "doors", door.id), version)
        return with_row(rows, "doors", door)

    return edit


def remove_door(key: str) -> Edit:
    """Take a door away: from panels and their digits, ways, interlocks and rights too."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "doors", key)
        panels = tuple(
            replace(
                panel,
                doors=_without(panel.doors, key),
                keys=tuple(each for each in panel.keys if each.door != key),
            )
            for panel in rows.panels
        )
        doors = tuple(
            replace(
                door,
                interlock=_without(door.interlock, key),
                then=tuple(each for each in door.then if each.door != key),
            )
            for door in rows.doors
        )
        rules = tuple(replace(rule, doors=_without(rule.doors, key)) for rule in rows.rules)
        rules = tuple(rule for rule in rules if rule.doors)
        return without_row(replace(rows, panels=panels, doors=doors, rules=rules), "doors", key)

    return edit


def _without(ids: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != key)

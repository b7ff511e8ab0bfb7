"""Changes of panels and controllers as pure functions of a site's rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from dialplan.rows import DeviceRow, KeyRow, PanelRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one

PANEL_FIELDS = ("talk_seconds", "idle_seconds", "camera_notice", "answer_early")
"""What a panel's form asks beside its name and its doors."""


def add_box(kind: Literal["panel", "controller"], name: str, building: str) -> Edit:
    """A new panel or controller; its id, which is its user name too, is chosen here."""

    def edit(rows: SiteRows) -> SiteRows:
        key = new_id(rows, "devices", name)
        rows = with_row(rows, "devices", DeviceRow(key, kind, name=name, building=building))
        return replace(rows, panels=(*rows.panels, PanelRow(key))) if kind == "panel" else rows

    return edit


def save_box(key: str, name: str, building: str, number: str, panel: PanelRow | None, version: str) -> Edit:
    """Change a panel (`panel`: what belongs to it beyond its device) or controller, unless somebody else did
    meanwhile.
    """

    def edit(rows: SiteRows) -> SiteRows:
        now, _ = state(rows, key)
        expect(state(rows, key), version)
        rows = with_row(rows, "devices", replace(now, name=name, building=building, number=number))
        if panel is None:
            return rows
        return replace(rows, panels=tuple(panel if each.device == key else each for each in rows.panels))

    return edit


def remove_box(key: str) -> Edit:
    """Take a panel or controller away, out of buttons too; doors it drives make the compiler say so."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "devices", key)
        buttons = tuple(
            button
            if button.panels is None
            else replace(button, panels=tuple(each for each in button.panels if each != key))
            for button in rows.buttons
        )
        panels = tuple(each for each in rows.panels if each.device != key)
        return without_row(replace(rows, buttons=buttons, panels=panels), "devices", key)

    return edit


def state(rows: SiteRows, key: str) -> tuple[DeviceRow, PanelRow | None]:
    """What the form of one shows."""
    return one(rows, "devices", key), next((each for each in rows.panels if each.device == key), None)


def digits(panel: PanelRow, door: str) -> str:
    """The digits that open a door at a panel, in a row."""
    return "".join(key.digit for key in panel.keys if key.door == door)


def keys(doors: Iterable[tuple[str, str]]) -> tuple[tuple[KeyRow, ...], tuple[int, ...]]:
    """Keys from (door, digits), and for each the place of its door."""
    found = [(KeyRow(digit, door), at) for at, (door, text) in enumerate(doors) for digit in text]
    return tuple(key for key, _ in found), tuple(at for _, at in found)

"""Changes of buttons as pure functions of a site's rows; the kinds as presets over person and group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dialplan.rows import ButtonRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one

PRESETS = {
    "individual": ("individual", None),
    "common_simultaneous": ("common", "simultaneous"),
    "common_sequential": ("common", "sequential"),
    "grouped": ("grouped", None),
}


def kind_of(rows: SiteRows, button: ButtonRow) -> str:
    """Which of the four kinds a button is."""
    if button.kind != "common":
        return button.kind
    group = next((group for group in rows.groups if group.id == button.group), None)
    return f"common_{group.ringing if group else 'simultaneous'}"


def save_button(key: str, kind: str, values: dict[str, Any], version: str) -> Edit:
    """A new button (`key` ""), or one changed unless somebody else did meanwhile.

    Choosing how several ring changes their group, which is where it stands.
    """

    def edit(rows: SiteRows) -> SiteRows:
        row_kind, ringing = PRESETS[kind]
        if key:
            button = one(rows, "buttons", key)
            expect((button, kind_of(rows, button)), version)
        else:
            name = values["label"] or values["person"] or values["group"] or "button"
            button = ButtonRow(new_id(rows, "buttons", f"{name}-button"))
        own = {"person": ""} if row_kind != "individual" else {"group": ""}
        rows = with_row(rows, "buttons", replace(button, **{**values, "kind": row_kind, **own}))
        group = next((group for group in rows.groups if group.id == values["group"]), None)
        if ringing is not None and group is not None and group.ringing != ringing:
            rows = with_row(rows, "groups", replace(group, ringing=ringing))  # type: ignore[arg-type]
        return rows

    return edit


def remove_button(key: str) -> Edit:
    """Take a button away."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "buttons", key)
        return without_row(rows, "buttons", key)

    return edit

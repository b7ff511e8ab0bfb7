"""Changes of devices as pure functions of a site's rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dialplan.rows import DeviceRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row
from webadmin.people.service import new_id, one


def add_device(kind: Any, name: str, number: str, owner: str) -> Edit:
    """A new device; its id, which is its user name too, is chosen here.

    Args:
        owner: "person:ID", "unit:ID" or "building:ID".
    """
    what, _, id_ = owner.partition(":")

    def edit(rows: SiteRows) -> SiteRows:
        key = new_id(rows, "devices", f"{id_}-{kind}")
        row = DeviceRow(key, kind, name=name, number=number)
        owned: dict[str, Any] = {what: id_}
        return with_row(rows, "devices", replace(row, **owned))

    return edit


def save_device(key: str, name: str, number: str, version: str) -> Edit:
    """Change a device unless somebody else did meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        now = one(rows, "devices", key)
        expect(now, version)
        return with_row(rows, "devices", replace(now, name=name, number=number))

    return edit

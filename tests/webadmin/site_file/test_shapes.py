"""The shape of the file and the compiler's rows agree about names and defaults."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dialplan import rows
from webadmin.site_file import shapes

PAIRS = [
    (shapes.PersonShape, rows.PersonRow),
    (shapes.DoorShape, rows.DoorRow),
    (shapes.GroupShape, rows.GroupRow),
    (shapes.ButtonShape, rows.ButtonRow),
    (shapes.RuleShape, rows.RuleRow),
    (shapes.ScheduleShape, rows.ScheduleRow),
    (shapes.CalendarShape, rows.CalendarRow),
    (shapes.MemberShape, rows.MemberRow),
]


@pytest.mark.parametrize(("shape", "row"), PAIRS)
def test_what_a_file_leaves_out_is_what_a_row_leaves_out(shape: type[shapes.Shape], row: type) -> None:
    defaults = {
        field.name: field.default
        for field in dataclasses.fields(row)
        if field.default is not dataclasses.MISSING
    }
    for name, default in defaults.items():
        own = shape.model_fields[name].get_default()
        if (shape, name) == (shapes.ButtonShape, "kind"):
            continue  # follows from person or group
        assert (tuple(own) if isinstance(own, list) else own) == default, name


def test_every_key_is_documented() -> None:
    text = (Path(shapes.__file__).parent.parent.parent / "docs" / "site-file.md").read_text()
    tables = [
        value
        for value in vars(shapes).values()
        if isinstance(value, type) and issubclass(value, shapes.Shape)
    ]
    keys = {name for table in tables for name in table.model_fields}
    assert {key for key in keys if f"`{key}`" not in text and f"[{key}" not in text} == set()

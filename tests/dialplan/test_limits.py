"""Every list that rows can hold has a limit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import get_args, get_origin, get_type_hints

from dialplan.limits import PARTS, ROWS
from dialplan.rows import SiteRows


def lists(row: type) -> dict[str, type]:
    """The fields of a row that hold tuples, with what these hold."""
    found = {}
    for name, hint in get_type_hints(row).items():
        for each in (hint, *get_args(hint)):
            if get_origin(each) is tuple:
                found[name] = get_args(each)[0]
    return found


def test_every_table_and_every_list_in_a_row_has_a_limit() -> None:
    tables = lists(SiteRows)
    assert set(tables) == set(ROWS)
    for row in tables.values():
        assert set(lists(row)) <= set(PARTS)
        for part in lists(row).values():
            if is_dataclass(part):
                assert set(lists(part)) <= set(PARTS)
                assert fields(part)

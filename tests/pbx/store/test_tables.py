"""What the PBX reads of WebAdmin's tables is what WebAdmin's models define."""

from __future__ import annotations

import pytest

import webadmin.models
from pbx.store import tables


@pytest.mark.parametrize("name", sorted(tables.admin.tables))
def test_the_tables_that_are_read_exist_with_these_columns_and_types(name: str) -> None:
    theirs = webadmin.models.Site.metadata.tables[name].columns
    for column in tables.admin.tables[name].columns:
        assert column.name in theirs
        assert theirs[column.name].type.python_type is column.type.python_type


def test_only_four_tables_of_webadmin_are_known_here() -> None:
    assert set(tables.admin.tables) == {"plan_revision", "credential", "guest_pass", "trunk"}

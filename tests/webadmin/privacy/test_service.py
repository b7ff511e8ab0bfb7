"""Which changed rows are about a person."""

from __future__ import annotations

import pytest

from webadmin.privacy.service import _mentions


@pytest.mark.parametrize(
    ("table", "key", "pair", "about"),
    [
        ("people", "kari", [None, {}], True),
        ("people", "ola", [None, {}], False),
        ("devices", "x", [{"person": "kari"}, None], True),
        ("buttons", "x", [None, {"person": "ola"}], False),
        ("doors", "kari", [None, {"person": "kari"}], False),
    ],
)
def test_mentions(table: str, key: str, pair: list[object], about: bool) -> None:
    assert _mentions(table, key, pair, "kari") is about

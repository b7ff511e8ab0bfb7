"""Every way to open can be chosen."""

from __future__ import annotations

from dialplan.rows import METHODS
from webadmin.rules.forms import HOW


def test_every_way() -> None:
    assert [value for value, _ in HOW] == list(METHODS)

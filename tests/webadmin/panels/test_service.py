"""Edits of panels, as functions."""

from __future__ import annotations

from dialplan.rows import KeyRow, PanelRow
from webadmin.panels.service import digits, keys


def test_digits_there_and_back() -> None:
    found, owners = keys([("front", "57"), ("back", ""), ("lift", "9")])
    assert found == (KeyRow("5", "front"), KeyRow("7", "front"), KeyRow("9", "lift")) and owners == (0, 0, 2)
    panel = PanelRow("p", ("front", "back", "lift"), found)
    assert [digits(panel, door) for door in panel.doors] == ["57", "", "9"]

"""Rows are values with the product's defaults."""

from __future__ import annotations

from dialplan.rows import METHODS, ButtonRow, DoorRow, GroupRow, MemberRow, PersonRow, RuleRow


def test_rows_are_compared_by_value() -> None:
    assert PersonRow("kari", "Kari") == PersonRow("kari", "Kari")
    assert hash(MemberRow("person", "kari")) == hash(MemberRow("person", "kari"))


def test_defaults() -> None:
    assert ButtonRow("b").ring_limit == 120
    assert ButtonRow("b").decline == "others_ring"
    assert GroupRow("g", "G", ()).step_seconds == 25
    assert DoorRow("d", "D", "h", "c", "1").open_seconds == 5
    assert RuleRow("r", ("d",)).methods == METHODS

"""Members as a browser sends them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialplan.rows import MemberRow
from webadmin.dial_groups.forms import Lines

LABELS = {"person:a": "A", "person:b": "B", "person:c": "C"}


def names(lines: Lines) -> list[str]:
    return [line.row.id for line in lines.items]


def test_order_by_place_and_by_arrows() -> None:
    data = {"lines": "3", "target-0": "person:a", "target-1": "person:b", "target-2": "person:c"}
    lines = Lines.sent({**data, "place-0": "3", "place-1": "1", "place-2": "2"}, LABELS, ())
    assert names(lines) == ["b", "c", "a"]
    lines.move(2, -1)
    lines.move(0, -1)
    assert names(lines) == ["b", "a", "c"]
    assert not lines.add("person:z", LABELS) and lines.add("number:+4722334455", LABELS)
    assert names(Lines.sent({**data, "remove-1": "on"}, LABELS, ())) == ["a", "c"]


def test_who_was_there_before_stays_even_out_of_reach() -> None:
    data = {"lines": "1", "target-0": "device:x"}
    assert names(Lines.sent(data, LABELS, (MemberRow("device", "x"),))) == ["x"]
    assert names(Lines.sent(data, LABELS, ())) == []


@given(st.dictionaries(st.sampled_from(["lines", "target-0", "place-0", "delay-0", "timeout-0"]), st.text()))
def test_rubbish_is_no_crash(data: dict[str, str]) -> None:
    Lines.sent({"target-0": "person:a", **data}, LABELS, ()).rows()

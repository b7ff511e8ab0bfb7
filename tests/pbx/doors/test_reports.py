"""Reports of agents: read strictly, taken once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.doors.reports import InputState, Report, Reports, parse
from pbx.sip.errors import PeerError

GOOD = {"run": "r1", "seq": 0, "inputs": [{"name": "lid", "kind": "tamper", "on": True}]}


def test_a_report_is_read() -> None:
    assert parse(json.dumps(GOOD).encode()) == Report("r1", 0, (InputState("lid", "tamper", True, ""),))


@pytest.mark.parametrize(
    "change",
    [
        {"run": ""},
        {"run": 1},
        {"seq": -1},
        {"seq": True},
        {"seq": "1"},
        {"inputs": {}},
        {"inputs": [1]},
        {"inputs": [{"name": "x", "kind": "lift", "on": True}]},
        {"inputs": [{"name": "x", "kind": "fire", "on": 1}]},
        {"inputs": [{"name": "x", "kind": "exit", "on": True, "relay": 7}]},
        {"inputs": [{"name": "x", "kind": ["fire"], "on": True}]},
        {"inputs": GOOD["inputs"] * 29},  # type: ignore[operator]
    ],
)
def test_anything_else_is_not(change: dict[str, object]) -> None:
    with pytest.raises(PeerError):
        parse(json.dumps({**GOOD, **change}).encode())


values = st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())


@given(st.binary(max_size=200) | values)
def test_nothing_hurts(body: bytes) -> None:
    with pytest.raises(PeerError):
        parse(body)


def test_each_is_taken_once_and_in_order() -> None:
    reports = Reports()
    numbers = (("r1", 0), ("r1", 0), ("r1", 2), ("r1", 1), ("r2", 0))
    told = [Report(run, seq, ()) for run, seq in numbers]
    assert [reports.is_new("s", "d", each) for each in told] == [True, False, True, False, True]
    assert reports.is_new("s", "other", told[0])

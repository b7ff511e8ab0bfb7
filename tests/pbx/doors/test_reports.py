"""Reports of agents: read strictly, taken once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.doors.reports import InputState, Mark, Report, Reports, parse
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
        {"inputs": [{"name": "x", "kind": "fire", "on": True, "n": -1}]},
        {"epoch": 7},
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
    lid = InputState("lid", "tamper", True, "")
    told = [Report(run, seq, (lid,)) for run, seq in numbers]
    assert [reports.fresh("s", "d", each) for each in told] == [(lid,), (), (lid,), (), (lid,)]
    assert reports.fresh("s", "other", told[0]) == (lid,)


def test_what_was_written_down_is_taken_once_over_restarts_of_both() -> None:
    kept: dict[tuple[str, str], Mark] = {}

    def start() -> Reports:
        made = Reports(lambda site, device, mark: kept.update({(site, device): mark}))
        made.restore(kept)
        return made

    def numbers(reports: Reports, run: str, seq: int, *told: int, epoch: str = "e1") -> list[int]:
        inputs = tuple(InputState("gate", "opened", True, "", number) for number in told)
        return [each.number for each in reports.fresh("s", "d", Report(run, seq, inputs, epoch))]

    reports = start()
    assert numbers(reports, "r1", 0, 1, 2) == [1, 2]
    assert numbers(reports, "r2", 0, 1, 2, 3, 0) == [3, 0]  # the agent was killed before it heard
    reports = start()
    assert numbers(reports, "r2", 0, 2, 3, 4) == [4]  # and then the PBX
    assert numbers(reports, "r3", 0, 1, epoch="e2") == [1]  # a new card in the panel
    assert kept == {("s", "d"): ("e2", 1)}

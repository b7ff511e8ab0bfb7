"""Each change once and in order, kept while the line is away; all states now and again."""

from __future__ import annotations

import json
from typing import Any

from intercom.reporter import AGAIN, RETRY, Reporter, Sent
from intercom.settings import Input
from pbx.doors import reports
from pbx.sip.message import Response

INPUTS = {
    "door": Input("door", 6, "contact", "closed", ""),
    "out": Input("out", 7, "exit", "open", "gate"),
}


def read(body: bytes | None) -> tuple[int, list[tuple[str, bool]]]:
    assert body is not None
    report = reports.parse(body)
    return report.seq, [(each.name, each.on) for each in report.inputs]


def reporter() -> Reporter:
    made = Reporter("run", INPUTS)
    made.learn("door", False)
    made.learn("out", False)
    made.line(True, 0.0)
    read(made.report(0.0))
    made.answered(True, 0.1)
    return made


def test_the_pbx_understands_it() -> None:
    made = reporter()
    made.learn("out", True)
    body = made.report(1.0)
    assert body is not None
    fields: dict[str, Any] = json.loads(body)
    assert fields["inputs"] == [{"name": "out", "kind": "exit", "on": True, "relay": "gate"}]
    assert reports.parse(body).run == "run"


def test_one_at_a_time_and_the_same_again_when_it_was_not_taken() -> None:
    made = reporter()
    made.learn("door", True)
    first = made.report(1.0)
    made.learn("door", False)
    assert (made.report(1.0), made.next_deadline()) == (None, None)
    made.answered(False, 2.0)
    assert made.next_deadline() == 2.0 + RETRY
    assert made.report(2.0 + RETRY) == first
    made.answered(True, 5.0)
    assert read(made.report(5.0)) == (2, [("door", False)])


def test_what_changed_while_the_line_was_away_is_told_then_how_it_is_now() -> None:
    made = reporter()
    made.line(False, 1.0)
    for on in (True, False, True):
        made.learn("door", on)
    assert made.report(2.0) is None
    made.line(True, 3.0)
    assert read(made.report(3.0))[1] == [("door", True), ("door", False), ("door", True), ("door", True)]


def test_all_states_but_no_old_press_are_told_again_and_again() -> None:
    made = reporter()
    made.learn("out", True)
    made.report(1.0)
    made.answered(True, 1.1)
    assert made.next_deadline() == AGAIN
    assert read(made.report(AGAIN))[1] == [("door", False)]


def test_the_oldest_go_first_when_there_are_too_many() -> None:
    made = reporter()
    made.line(False, 1.0)
    for number in range(10_050):
        made.learn("door", number % 2 == 0)
    assert len(made._changes) == 10_000


def test_what_nobody_set_up_is_not_told() -> None:
    made = reporter()
    made.learn("moon", True)
    assert made.report(1.0) is None


def test_a_fault_is_told_when_it_begins_and_ends_and_now_and_again() -> None:
    made = Reporter("run", {})
    made.line(True, 0.0)
    assert made.next_deadline() is None
    made.fault("camera", True)
    made.fault("camera", True)
    assert read(made.report(0.0))[1] == [("camera", True), ("camera", True)]  # news, and all states
    made.answered(True, 0.1)
    assert made.next_deadline() == AGAIN
    made.fault("camera", False)
    assert read(made.report(1.0))[1] == [("camera", False)]
    made.answered(True, 1.1)
    assert read(made.report(AGAIN))[1] == [("camera", False)]


def test_what_the_pbx_will_never_take_is_as_good_as_told() -> None:
    told: list[int] = []
    for status, numbers in ((503, []), (180, []), (400, [7]), (200, [7])):
        waiting = [(7, {"name": "gate", "kind": "opened", "on": True})]
        made = Reporter("run", INPUTS, epoch="e", waiting=waiting)
        made.line(True, 0.0)
        made.report(0.0)
        told.clear()
        Sent(made, told.append).answered(Response(status, ""), 1.0)
        assert told == numbers, status
    Sent(made, told.append).failed(408, 2.0)
    assert told == [7]

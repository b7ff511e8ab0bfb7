from __future__ import annotations

from itertools import count

import pytest

from dialplan.access import Denied, Granted
from dialplan.rows import BuildingRow, DeviceRow, DoorRow, SiteRows
from pbx.doors.opener import Done, Opener, OpenOrder, OpenResult
from tests.support.doors import door, open_order
from tests.support.plans import compiled


class Lock:
    """A driver that keeps what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[OpenOrder, Done]] = []

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        self.asked.append((order, done))


class Broken:
    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        raise RuntimeError("no")


def opener(driver: Lock | Broken) -> Opener:
    numbers = count(1)
    return Opener({"agent": driver}, lambda: f"order-{next(numbers):04}")


def test_a_granted_order_is_commanded_and_answered_once() -> None:
    lock, results = Lock(), list[OpenResult]()
    made = opener(lock)
    made.open(open_order(), results.append, 0.0)
    assert not results
    _, done = lock.asked[0]
    done(True, "opened", 0.2)
    done(False, "timeout", 0.3)
    assert [(result.opened, result.detail, result.at) for result in results] == [(True, "opened", 0.2)]
    assert made.next_deadline() is None
    assert made.stats() == {"opened": 1, "failed": 0, "guarded": 0, "opening": 0}


def test_an_order_without_a_grant_reaches_no_lock() -> None:
    lock, results = Lock(), list[OpenResult]()
    opener(lock).open(open_order(granted=Denied("no_right")), results.append, 0.0)
    assert not lock.asked
    assert (results[0].opened, results[0].detail) == (False, "not_granted")


def test_silence_for_two_seconds_is_a_failure_and_a_late_answer_is_dropped() -> None:
    lock, results = Lock(), list[OpenResult]()
    made = opener(lock)
    made.open(open_order(), results.append, 0.0)
    assert made.next_deadline() == 2.0
    made.handle_timeout(1.99)
    assert not results
    made.handle_timeout(2.0)
    lock.asked[0][1](True, "opened", 2.1)
    assert [(result.opened, result.detail) for result in results] == [(False, "timeout")]


def test_two_presses_make_one_pulse_and_both_hear_its_result() -> None:
    lock, results = Lock(), list[OpenResult]()
    made = opener(lock)
    made.open(open_order("order-000a"), results.append, 0.0)
    made.open(open_order("order-000b"), results.append, 0.1)
    lock.asked[0][1](True, "opened", 0.2)
    made.open(open_order("order-000c"), results.append, 1.0)
    assert len(lock.asked) == 1
    assert [(result.order.id, result.detail) for result in results] == [
        ("order-000a", "opened"),
        ("order-000b", "opened"),
        ("order-000c", "already_open"),
    ]
    made.open(open_order("order-000d"), results.append, 5.6)
    assert len(lock.asked) == 2


def test_a_press_just_after_the_door_has_shut_is_sent_when_the_lock_has_settled() -> None:
    lock, results = Lock(), list[OpenResult]()
    made = opener(lock)
    made.open(open_order("order-000a"), results.append, 0.0)
    lock.asked[0][1](True, "opened", 0.0)
    made.open(open_order("order-000b"), results.append, 5.0)
    made.open(open_order("order-000c"), results.append, 5.1)
    assert (len(lock.asked), made.next_deadline()) == (1, 5.3)
    made.handle_timeout(5.3)
    assert [order.id for order, _ in lock.asked] == ["order-000a", "order-000b"]
    assert made.next_deadline() == 7.3
    lock.asked[1][1](True, "opened", 5.4)
    assert [result.detail for result in results] == ["opened"] * 3


def test_doors_and_sites_do_not_share_a_guard() -> None:
    lock = Lock()
    made = opener(lock)
    for order in (open_order(), open_order(door=door("lobby")), open_order(site="other.example")):
        made.open(order, lambda result: None, 0.0)
    assert len(lock.asked) == 3


def test_a_driver_that_fails_ends_its_order_and_frees_the_door(caplog: pytest.LogCaptureFixture) -> None:
    results = list[OpenResult]()
    made = opener(Broken())
    made.open(open_order(), results.append, 0.0)
    made.open(open_order(), results.append, 0.0)
    assert [result.detail for result in results] == ["fault", "fault"]
    assert "driver agent failed" in caplog.text


def test_a_door_whose_driver_we_lack() -> None:
    results = list[OpenResult]()
    opener(Lock()).open(open_order(door=door(driver="mqtt")), results.append, 0.0)
    assert results[0].detail == "no_driver"


@pytest.mark.parametrize(("granted", "seconds"), [(5.0, 5.0), (0.1, 1.0), (900.0, 60.0)])
def test_the_order_takes_its_open_time_from_the_grant_within_bounds(granted: float, seconds: float) -> None:
    plan = compiled(
        SiteRows(
            "fjordgata.example",
            "house",
            "residential",
            buildings=(BuildingRow("b1", "House"),),
            devices=(DeviceRow("d-ctl", "controller", "gatekeeper", building="b1"),),
            doors=(DoorRow("gate", "Gate", "b1", "d-ctl", "gate"),),
        )
    )
    found = plan.door("gate")
    assert found is not None
    order = opener(Lock()).order(plan, found, Granted(granted, "r1"), method="app")
    assert (order.site, order.controller, order.seconds) == ("fjordgata.example", "gatekeeper", seconds)
    assert order.id == "order-0001"

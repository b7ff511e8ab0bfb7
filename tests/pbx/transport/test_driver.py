"""The driver: events up, messages out, one timer, and no fault of one ends another."""

from __future__ import annotations

import asyncio
import logging

import pytest

from pbx.sip.flow import Flow
from pbx.sip.message import parse
from pbx.transport.driver import GRAIN

from .stack import bench, options


class Sink:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send(self, flow: Flow, data: bytes) -> None:
        self.sent.append(data)

    def close(self, flow: Flow) -> None:
        raise AssertionError("nobody asked")


def flow_of(sink: Sink) -> Flow:
    return Flow("udp", ("127.0.0.1", 5060), ("127.0.0.1", 5099), sink)


async def test_events_and_messages_leave_in_the_same_turn() -> None:
    with bench() as b:
        sink = Sink()
        flow = flow_of(sink)
        b.stack.waiting_events.append("happened")
        b.driver.receive(parse(options()), flow, 0.0)
        b.driver.drain()
        assert b.events == ["happened"]
        assert len(sink.sent) == 1


async def test_events_made_by_events_are_handled_and_drain_does_not_nest() -> None:
    with bench() as b:
        seen: list[object] = []

        def on_event(event: object, now: float) -> None:
            seen.append(event)
            if len(seen) < 3:
                b.stack.waiting_events.append(len(seen))
            b.driver.drain()

        b.driver._on_event = on_event
        b.stack.waiting_events.append(0)
        b.driver.drain()
        assert seen == [0, 1, 2]


async def test_a_storm_of_own_making_lets_the_loop_breathe() -> None:
    with bench() as b:
        turns = 0

        def on_event(event: object, now: float) -> None:
            nonlocal turns
            turns += 1
            if turns < 200:
                b.stack.waiting_events.append("again")
            else:
                b.stack.arrived.set()

        b.driver._on_event = on_event
        b.stack.waiting_events.append("first")
        b.driver.drain()
        assert 0 < turns < 200
        await b.stack.until(lambda: turns == 200)


async def test_a_bug_in_an_event_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    with bench() as b:
        good: list[object] = []

        def on_event(event: object, now: float) -> None:
            if event == "bad":
                raise RuntimeError("a bug of ours")
            good.append(event)

        b.driver._on_event = on_event
        b.stack.waiting_events += ["bad", "good"]
        with caplog.at_level(logging.ERROR):
            b.driver.drain()
        assert good == ["good"]
        assert b.driver.stats()["faults"] == 1
        assert "a bug of ours" in caplog.text


async def test_a_bug_in_the_engine_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    with bench(fail=True) as b:
        b.driver.receive(parse(options()), flow_of(Sink()), 0.0)
        b.driver.drain()
        assert b.driver.faults == 1


async def test_nothing_is_sent_on_a_dead_flow() -> None:
    with bench() as b:
        sink = Sink()
        flow = flow_of(sink)
        flow.alive = False
        b.stack.waiting_out.append((flow, b"late"))
        b.driver.drain()
        assert sink.sent == []
        assert b.driver.stats()["dead_sends"] == 1


async def test_a_lost_flow_is_told_once_to_engine_and_owner() -> None:
    with bench() as b:
        flow = flow_of(Sink())
        b.driver.flow_lost(flow)
        b.driver.flow_lost(flow)
        assert b.stack.lost == [flow]
        assert b.lost == [flow]
        assert not flow.alive


async def test_touches_are_gathered() -> None:
    with bench() as b:
        b.stack.waiting_events.append("one")
        b.driver.touch()
        b.driver.touch()
        assert b.events == []
        await asyncio.sleep(0)
        assert b.events == ["one"]


async def test_the_timer_fires_at_the_deadline_and_may_move_earlier() -> None:
    with bench() as b:
        now = b.driver.clock()
        b.stack.deadline = now + 3600.0
        b.driver.drain()
        b.stack.deadline = now + 0.02
        b.driver.drain()
        await b.stack.until(lambda: b.stack.timeouts)
        assert b.stack.timeouts[0] >= now + 0.02


async def test_a_deadline_that_moved_away_is_not_fired_early() -> None:
    with bench() as b:
        now = b.driver.clock()
        b.stack.deadline = now + 0.01
        b.driver.drain()
        b.stack.deadline = now + 0.05
        b.driver.drain()
        await b.stack.until(lambda: b.stack.timeouts)
        assert b.stack.timeouts[0] >= now + 0.05


async def test_a_timer_that_fires_very_soon_is_left_alone() -> None:
    class Asked:
        times = 0

        def next_deadline(self) -> None:
            self.times += 1

        def handle_timeout(self, now: float) -> None:
            raise AssertionError("it waits for nothing")

    with bench() as b:
        asked = Asked()
        b.driver.attach(asked)
        now = b.driver.clock()
        b.stack.deadline = now + GRAIN / 2
        b.driver.drain(now)
        b.stack.deadline = now
        b.driver.drain(now)
        assert asked.times == 1, "nobody is asked anew"
        await b.stack.until(lambda: b.stack.timeouts)


async def test_others_share_the_timer() -> None:
    class Ring:
        due: float | None = 0.0
        rang = asyncio.Event()

        def next_deadline(self) -> float | None:
            return self.due

        def handle_timeout(self, now: float) -> None:
            self.due = None
            self.rang.set()

    with bench() as b:
        ring = Ring()
        ring.due = b.driver.clock() + 0.01
        b.driver.attach(ring)
        b.driver.attach(ring)
        b.driver.drain()
        await asyncio.wait_for(ring.rang.wait(), 5)
        b.driver.detach(ring)
        b.driver.detach(ring)


async def test_a_closed_driver_is_silent() -> None:
    with bench() as b:
        b.stack.deadline = b.driver.clock() + 0.001
        b.driver.drain()
        b.driver.close()
        b.stack.waiting_events.append("late")
        b.driver.drain()
        b.driver.touch()
        await asyncio.sleep(0.01)
        assert b.events == []
        assert b.stack.timeouts == []

"""The engine as calls use it: in this loop and in worker processes that may die."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time

import pytest

from media.embedded import EmbeddedEngine, _share
from media.engine import Counted, Dtmf, FirstPacket, Lost, MediaEngine, MediaSettings
from media.errors import MediaError, NoCapacity
from tests.media import offers
from tests.media.calls import SECONDS, Events, connect, receive, running, speak
from tests.media.loopback import FIRST, audio, key


def open_fds(pid: int | str) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


async def whole_call(workers: int) -> None:
    async with running(workers) as (engine, events):
        call = connect(engine)
        call.session.listen_digits("b", True)
        assert await speak(call.a, call.at_a, audio(1), call.b) == audio(1)
        assert await speak(call.b, call.at_b, audio(2), call.a) == audio(2)
        before = time.monotonic()
        call.b.send(call.at_b, key(5))
        (digit,) = await events.wait(Dtmf)
        assert (digit.call, digit.leg, digit.digit) == ("c", "b", "5")
        assert before <= digit.at <= time.monotonic()
        call.close()
        counted = await events.wait(Counted, 2)
        assert {one.leg: one.packets for one in counted}["b"] >= 2
        assert {(one.leg, one.kind) for one in events.of(FirstPacket)} == {("a", "audio"), ("b", "audio")}
        stats = engine.stats()
        assert (stats["sessions"], stats["ports_used"]) == (0, 0)


async def test_a_call_in_this_loop() -> None:
    await whole_call(0)


async def test_a_call_through_a_worker() -> None:
    await whole_call(1)


@pytest.mark.uvloop
async def test_a_call_in_this_loop_on_uvloop() -> None:
    await whole_call(0)


@pytest.mark.uvloop
async def test_a_call_through_a_worker_on_uvloop() -> None:
    await whole_call(1)


async def test_a_key_still_on_its_way_when_listening_ends_is_not_told() -> None:
    async with running(0) as (engine, events):
        call = connect(engine)
        call.session.listen_digits("b", True)
        call.b.send(call.at_b, key(1))
        await events.wait(Dtmf)
        call.b.send(call.at_b, key(2, timestamp=9000))
        call.b.send(call.at_b, audio(1))
        call.session.listen_digits("b", False)
        assert await receive(call.a.rtp) == key(1)
        assert await receive(call.a.rtp) == key(2, timestamp=9000)
        assert [event.digit for event in events.of(Dtmf)] == ["1"]
        call.close()


async def test_an_empty_pool_is_no_capacity_and_fills_again() -> None:
    async with running(0, port_low=FIRST + 400, port_high=FIRST + 403) as (engine, events):
        session = engine.open("c")
        session.receive_offer("a", offers.phone(40_000))
        session.offer("b", like="a")
        session.receive_answer("b", offers.phone(40_002))
        session.answer("a", like="b")
        with pytest.raises(NoCapacity):
            session.offer("c", like="a")
        with pytest.raises(NoCapacity):
            engine.open("d")
        session.close()
        await events.wait(Counted, 2)
        loop = asyncio.get_running_loop()
        rested = asyncio.Event()
        loop.call_later(0.06, rested.set)  # the quarantine of these settings
        await rested.wait()
        other = engine.open("e")
        other.offer("a")
        other.close()


async def test_a_worker_s_death_ends_its_calls_only_and_the_next_one_takes_over() -> None:
    async with running(2) as (engine, events):
        one, two = connect(engine, "one"), connect(engine, "two")
        first, second = engine.pids()
        os.kill(first, signal.SIGKILL)
        (lost,) = await events.wait(Lost)
        dead, alive = (one, two) if lost.call == "one" else (two, one)
        assert await speak(alive.a, alive.at_a, audio(1), alive.b) == audio(1)
        dead.session.press("a", "5")
        dead.close()
        async with asyncio.timeout(SECONDS):
            while engine.stats()["restarts"] == 0 or len(engine.pids()) < 2:
                await asyncio.sleep(0)
        assert first not in engine.pids() and second in engine.pids()
        alive.close()
        again = [connect(engine, str(number)) for number in range(4)]
        for call in again:
            assert await speak(call.a, call.at_a, audio(7), call.b) == audio(7)
            call.close()
        assert len(events.of(Lost)) == 1


async def test_a_lost_session_is_moved_and_its_legs_hear_again_once_they_have_answered() -> None:
    async with running(1) as (engine, events):
        call, other = connect(engine, "one"), connect(engine, "two")
        os.kill(engine.pids()[0], signal.SIGKILL)
        await events.wait(Lost, 2)
        with pytest.raises(NoCapacity):
            engine.move(call.session)
        async with asyncio.timeout(SECONDS):
            while call.session.lost:
                with contextlib.suppress(NoCapacity):
                    engine.move(call.session)
                await asyncio.sleep(0.01)
        engine.move(call.session)
        assert (engine.stats()["sessions"], other.session.lost) == (1, True)
        told = {leg: call.session.offer(leg) for leg in ("a", "b")}
        for leg, one in (("a", call.a), ("b", call.b)):
            assert told[leg].splitlines()[1].split()[2] == b"2", "the version of the session goes up"
            call.session.receive_answer(leg, offers.phone(one.port), source="127.0.0.1")
        call.session.listen_digits("b", True)
        at_a, at_b = (offers.port_of(told[leg]) for leg in ("a", "b"))
        assert await speak(call.a, at_a, audio(1), call.b) == audio(1)
        assert await speak(call.b, at_b, audio(2), call.a) == audio(2)
        call.b.send(at_b, key(5))
        assert [digit.digit for digit in await events.wait(Dtmf)] == ["5"]
        call.close()
        other.close()
        assert engine.stats()["ports_used"] == 0


async def test_a_worker_that_hangs_is_replaced() -> None:
    async with running(1, hang_seconds=0.8) as (engine, events):
        call = connect(engine)
        os.kill(engine.pids()[0], signal.SIGSTOP)
        assert await events.wait(Lost) == [Lost("c")]
        call.close()


async def test_no_descriptor_stays_open() -> None:
    async with running(1) as (engine, events):
        ours, theirs = open_fds("self"), open_fds(engine.pids()[0])
        for number in range(40):
            call = connect(engine, str(number))
            await speak(call.a, call.at_a, audio(1), call.b)
            call.close()
        await events.wait(Counted, 80)
        assert open_fds("self") == ours
        assert open_fds(engine.pids()[0]) <= theirs + 4 * 16  # the pool may have grown, once
    before = open_fds("self")
    async with running(0) as (engine, _):
        connect(engine).close()
    assert open_fds("self") == before


async def test_a_fault_of_who_listens_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with running(0) as (engine, events):
        call = connect(engine)

        def fail(event: object) -> None:
            events(event)  # type: ignore[arg-type]
            raise RuntimeError("listener")

        engine.on_event = fail
        call.a.send(call.at_a, audio(1))
        await events.wait(FirstPacket)
        assert await speak(call.b, call.at_b, audio(1), call.a) == audio(1)
        call.close()
    assert "listener" in caplog.text


async def test_a_worker_without_any_port_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.seat._FIRST_PORTS_SECONDS", 0.2)
    engine = EmbeddedEngine(MediaSettings(workers=0, port_low=FIRST + 500, port_high=FIRST + 500), Events())
    with pytest.raises(MediaError):
        await engine.start()
    await engine.stop()


def test_it_is_the_engine_calls_know() -> None:
    engine: MediaEngine = EmbeddedEngine(MediaSettings())
    assert "relay" in engine.capabilities


def test_workers_share_the_range_without_overlap() -> None:
    settings = MediaSettings(port_low=20_001, port_high=20_010, workers=2)
    shares = [list(_share(settings, number)) for number in range(2)]
    assert shares == [[20_002, 20_004], [20_006, 20_008]]

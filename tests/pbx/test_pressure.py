from __future__ import annotations

import asyncio
import time

from pbx.pressure import BEHIND, CALM, LATE, OVERLOAD_RETRY, STOPPING_RETRY, Pressure


def test_calls_are_turned_away_while_timers_come_late() -> None:
    pressure = Pressure(lambda: 0.0)
    pressure.note(0.001)
    assert pressure.retry_after() == 0
    while pressure.smoothed <= LATE:
        pressure.note(2.0)
    assert pressure.retry_after() == OVERLOAD_RETRY
    while pressure.smoothed > CALM:
        assert pressure.overloaded
        pressure.note(0.0)
    assert pressure.retry_after() == 0
    assert pressure.stats() == {"turned_away": 1, "overloaded": 0.0, "stopping": 0.0}


def test_one_late_timer_turns_nobody_away() -> None:
    pressure = Pressure(lambda: 0.0)
    pressure.note(3.0)
    assert pressure.retry_after() == 0


def test_calls_are_turned_away_while_datagrams_wait_too_long_until_all_are_read() -> None:
    """Timers are in time all the while, as they are between two batches."""
    behind = [BEHIND]
    pressure = Pressure(lambda: 0.0, lambda now: behind[0])
    assert pressure.retry_after() == 0
    behind[0] = BEHIND + 0.01
    assert pressure.retry_after() == OVERLOAD_RETRY
    assert pressure.retry_after(asked_twice=True) == 0
    behind[0] = 0.01
    assert pressure.retry_after() == OVERLOAD_RETRY
    behind[0] = 0.0
    assert pressure.retry_after() == 0
    behind[0] = 0.01
    assert pressure.retry_after() == 0
    behind[0] = 2 * BEHIND + 0.01
    assert pressure.retry_after(asked_twice=True) == OVERLOAD_RETRY


def test_a_server_that_stops_says_so() -> None:
    pressure = Pressure(lambda: 0.0)
    pressure.stopping = True
    assert pressure.retry_after() == STOPPING_RETRY


def test_the_histogram_is_cumulative() -> None:
    pressure = Pressure(lambda: 0.0)
    for late in (-1.0, 0.004, 0.2, 60.0):
        pressure.note(late)
    found = dict(pressure.histogram())
    assert (found["0.001"], found["0.005"], found["0.25"], found["2.5"], found["+Inf"]) == (1, 2, 3, 3, 4)


async def test_it_measures_until_cancelled() -> None:
    pressure = Pressure(time.monotonic)
    task = asyncio.get_running_loop().create_task(pressure.watch())
    await asyncio.sleep(0.2)
    task.cancel()
    assert pressure.histogram()[-1][1] >= 1

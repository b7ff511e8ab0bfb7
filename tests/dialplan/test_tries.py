"""Five wrong, a pause, and so on; slips are forgotten after a while."""

from __future__ import annotations

from dialplan.passes import PAUSE_SECONDS, TRIES
from dialplan.tries import FORGOTTEN_SECONDS, Tries


def test_a_pause_after_five_and_then_five_more() -> None:
    tries = Tries()
    assert [tries.failed(0.0) for _ in range(TRIES)] == [False] * (TRIES - 1) + [True]
    assert (tries.paused(1.0), tries.wrong) == (PAUSE_SECONDS - 1, 0)
    assert tries.paused(PAUSE_SECONDS) == 0
    assert [tries.failed(100.0) for _ in range(TRIES)][-1]


def test_slips_are_forgotten() -> None:
    tries = Tries()
    for _ in range(TRIES - 1):
        tries.failed(0.0)
    assert not tries.failed(FORGOTTEN_SECONDS)
    assert tries.wrong == 1


def test_a_restart_forgets_nothing() -> None:
    assert Tries(TRIES, 10.0).paused(10.0) == PAUSE_SECONDS
    again = Tries(TRIES - 1, 10.0)
    assert again.paused(10.0) == 0 and again.failed(11.0)

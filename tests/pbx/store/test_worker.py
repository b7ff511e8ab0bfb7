"""The thread that takes turns; every wait is for an event."""

from __future__ import annotations

import threading

from pbx.store.worker import Worker

SECONDS = 10.0


class Turns:
    """A turn that counts, and lets a test wait for the n-th."""

    def __init__(self, answer: float | None = None) -> None:
        self.count = 0
        self.answer = answer
        self._changed = threading.Condition()

    def __call__(self) -> float | None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()
        return self.answer

    def wait_for(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, SECONDS)


def test_the_first_turn_comes_at_once_and_a_wake_brings_the_next() -> None:
    turns = Turns()
    worker = Worker("test", turns)
    worker.start()
    assert turns.wait_for(1)
    worker.wake()
    assert turns.wait_for(2)
    assert worker.stop(SECONDS)


def test_it_runs_by_itself_after_the_seconds_it_asked_for() -> None:
    turns = Turns(0.001)
    worker = Worker("test", turns)
    worker.start()
    assert turns.wait_for(5)
    assert worker.stop(SECONDS)


def test_wakes_during_a_turn_are_not_lost_and_become_one() -> None:
    inside, go_on = threading.Event(), threading.Event()
    turns = Turns()

    def turn() -> None:
        turns()
        inside.set()
        go_on.wait(SECONDS)

    worker = Worker("test", turn)
    worker.start()
    assert inside.wait(SECONDS)
    for _ in range(10):
        worker.wake()
    inside.clear()
    go_on.set()
    assert turns.wait_for(2)
    assert worker.stop(SECONDS)
    assert turns.count == 3  # the first, all wakes together, the last


def test_stopping_takes_a_last_turn() -> None:
    turns = Turns()
    worker = Worker("test", turns)
    worker.start()
    assert turns.wait_for(1)
    assert worker.stop(SECONDS)
    assert turns.count == 2


def test_a_turn_that_raises_does_not_end_the_thread() -> None:
    turns = Turns()

    def turn() -> None:
        turns()
        raise RuntimeError("a bug")

    worker = Worker("test", turn)
    worker.start()
    assert turns.wait_for(1)
    worker.wake()
    assert turns.wait_for(2)
    assert worker.stop(SECONDS)


def test_stop_says_so_when_a_turn_does_not_end() -> None:
    go_on = threading.Event()

    def turn() -> None:
        go_on.wait(SECONDS)

    worker = Worker("test", turn)
    worker.start()
    assert not worker.stop(0.01)
    go_on.set()
    assert worker.stop(SECONDS)


def test_a_worker_that_never_started_stops() -> None:
    assert Worker("test", lambda: None).stop(SECONDS)

"""A thread that takes a turn when it is woken, and by itself after the seconds its last turn asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("doorline.store")


class Worker:
    """Runs `turn` in its own thread.

    Args:
        name: of the thread, as debuggers show it.
        turn: does the work; returns the seconds until it should run again by itself, None for "when
            woken". It must not raise; if it does, that is logged and it runs again after a second.
        gather_seconds: how long after a wake the turn waits for more work to come.
    """

    def __init__(self, name: str, turn: Callable[[], float | None], gather_seconds: float = 0.0) -> None:
        self._turn = turn
        self._gather_seconds = gather_seconds
        self._condition = threading.Condition()
        self._woken = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; its first turn comes at once."""
        self._woken = True
        self._thread.start()

    def wake(self) -> None:
        """Ask for a turn; from any thread, never blocks for longer than a hand-over."""
        if self._woken:  # still to be seen: whatever was queued before this is in that turn
            return
        with self._condition:
            self._woken = True
            self._condition.notify()

    def stop(self, seconds: float) -> bool:
        """Let the running turn end and take a last one; False when `seconds` did not suffice."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread.ident is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        seconds: float | None = 0.0
        while self._wait(seconds):
            seconds = self._take_turn()
        self._take_turn()

    def _wait(self, seconds: float | None) -> bool:
        """Wait until a turn is due; False when the thread is to stop."""
        with self._condition:
            due = self._condition.wait_for(lambda: self._woken or self._stopping, seconds)
            if due and self._gather_seconds:
                self._condition.wait_for(lambda: self._stopping, self._gather_seconds)
            self._woken = False
            return not self._stopping

    def _take_turn(self) -> float | None:
        try:
            return self._turn()
        except Exception:  # a bug here must not end the thread the bindings depend on
            log.exception("a turn of %s failed", self._thread.name)
            return 1.0

"""How hard the server is pressed, and whether new calls are turned away for it (RFC 3261 section 21.5.4).

What begins a call is refused with 503 and Retry-After while timers come late or the server is about to stop;
what belongs to a call goes on, so that a digit for a door is never behind a new call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

TICK = 0.05
LATE, CALM = 0.5, 0.2
"""Smoothed lateness of timers, in seconds: above the first no call comes in until it is below the second."""

BEHIND = 0.2
"""Seconds without an empty socket after which no call comes in until it is empty: less than timer T1, or
callers repeat themselves and make it worse."""

WEIGHT = 0.1
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
OVERLOAD_RETRY, STOPPING_RETRY = 5, 10


def _never(now: float) -> float:
    return 0.0


class Pressure:
    """Lateness of the loop's timers, measured by a timer of its own, and of what waits to be read.

    Timers alone do not show an overload by UDP: they come in time between two batches, while thousands of
    datagrams wait in the socket.

    Args:
        clock: monotonic seconds.
        behind: seconds since the socket was last found empty, 0 when it was at the last look.
    """

    def __init__(self, clock: Callable[[], float], behind: Callable[[float], float] = _never) -> None:
        self._clock = clock
        self._behind = behind
        self._counts = [0] * (len(BUCKETS) + 1)
        self.sum = 0.0
        self.smoothed = 0.0
        self.stopping = self._late = self._clearing = False
        self.turned_away = 0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            asked = self._clock()
            await asyncio.sleep(TICK)
            self.note(self._clock() - asked - TICK)

    def note(self, late: float) -> None:
        """Take one measurement, in seconds."""
        late = max(0.0, late)
        self.sum += late
        place = next((index for index, bound in enumerate(BUCKETS) if late <= bound), len(BUCKETS))
        self._counts[place] += 1
        self.smoothed += WEIGHT * (late - self.smoothed)
        self._late = self.smoothed > (CALM if self._late else LATE)

    @property
    def overloaded(self) -> bool:
        """Whether somebody who calls now would be turned away for load."""
        return self._late or self._unread(BEHIND)

    def _unread(self, bound: float) -> bool:
        """Whether datagrams wait for longer than the bound, or still wait since they last waited too long."""
        behind = self._behind(self._clock())
        self._clearing = behind > (0.0 if self._clearing else BEHIND)
        return self._clearing and (bound == BEHIND or behind > bound)

    def retry_after(self, asked_twice: bool = False) -> int:
        """Seconds after which a new call may be tried again; 0 when it may come in now.

        `asked_twice`: a caller who has answered a challenge; the work it cost is thrown away last.
        """
        full = self.stopping or self._late or self._unread(2 * BEHIND if asked_twice else BEHIND)
        if not full:
            return 0
        self.turned_away += 1
        return STOPPING_RETRY if self.stopping else OVERLOAD_RETRY

    def histogram(self) -> list[tuple[str, float]]:
        """Cumulative counts by upper bound, as Prometheus wants them."""
        found: list[tuple[str, float]] = []
        total = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self._counts, strict=True):
            total += count
            found.append((bound, float(total)))
        return found

    def stats(self) -> dict[str, float]:
        """For metrics."""
        return {
            "turned_away": self.turned_away,
            "overloaded": float(self.overloaded),
            "stopping": float(self.stopping),
        }

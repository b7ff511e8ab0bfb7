"""The one coarse timer wheel of the SIP library, and the RFC 3261 timer values (section 17, table 4)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from heapq import heappop, heappush

T1 = 0.5
"""Round-trip estimate, seconds."""
T2 = 4.0
"""Longest interval between retransmissions, seconds."""
T4 = 5.0
"""Longest life of a message in the network, seconds."""
TRANSACTION_SECONDS = 64 * T1
"""Timers B, D, F, H, J, L and M: what a transaction waits before it gives up or forgets."""

TICKS = 64
"""Ticks of the wheel per second: a power of two, so that a tick is an exact float and deadlines never
creep."""


class Timed:
    """Something with at most one armed timer; `tick` is its place on the wheel, 0 when it is not armed."""

    __slots__ = ("tick",)

    def __init__(self) -> None:
        self.tick = 0

    @abstractmethod
    def fire(self, now: float) -> None:
        """The armed moment has come; the timer is no longer armed."""


class Wheel:
    """Timers in slots of 1/64 s. Arming and disarming are dictionary operations; only new slots touch the
    heap."""

    __slots__ = ("_slots", "_swept", "_ticks")

    def __init__(self) -> None:
        self._slots: dict[int, dict[Timed, None]] = {}
        self._ticks: list[int] = []
        self._swept = 0

    def arm(self, timed: Timed, due: float) -> None:
        """Fires `timed` at the first sweep at or after `due` (monotonic seconds); replaces an earlier
        arming."""
        exact = due * TICKS
        tick = int(exact)
        if tick < exact:
            tick += 1
        # A moment already swept would never be looked at again: it becomes the next tick.
        if tick <= self._swept:
            tick = self._swept + 1
        old = timed.tick
        if old:
            if old == tick:
                return
            slot = self._slots.get(old)
            if slot is not None:
                slot.pop(timed, None)
        slot = self._slots.get(tick)
        if slot is None:
            slot = self._slots[tick] = {}
            heappush(self._ticks, tick)
        slot[timed] = None
        timed.tick = tick

    def disarm(self, timed: Timed) -> None:
        """Forgets the timer of `timed`, armed or not."""
        tick = timed.tick
        if tick:
            timed.tick = 0
            slot = self._slots.get(tick)
            if slot is not None:
                slot.pop(timed, None)

    def sweep(self, now: float) -> None:
        """Fires everything due at `now`, in order of ticks and of arming."""
        limit = int(now * TICKS)
        ticks = self._ticks
        while ticks and ticks[0] <= limit:
            tick = heappop(ticks)
            self._swept = tick
            # The slot leaves the wheel first: what a firing timer disarms or moves is told by its `tick`.
            for timed in self._slots.pop(tick):
                if timed.tick == tick:
                    timed.tick = 0
                    timed.fire(now)
        if limit > self._swept:
            self._swept = limit

    def next_deadline(self) -> float | None:
        """When `sweep` has something to fire next, or None."""
        ticks = self._ticks
        while ticks:
            tick = ticks[0]
            if self._slots[tick]:
                return tick / TICKS
            heappop(ticks)
            del self._slots[tick]
        return None

    def __len__(self) -> int:
        return sum(len(slot) for slot in self._slots.values())


class Alarm(Timed):
    """A timer that calls a bound method; for the rare timers that are not a transaction's own."""

    __slots__ = ("call",)

    def __init__(self, call: Callable[[float], None]) -> None:
        self.tick = 0
        self.call = call

    def fire(self, now: float) -> None:
        self.call(now)

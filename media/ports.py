"""Which port pairs of a worker are free: known to the control side, so that a description never waits."""

from __future__ import annotations

from collections import deque

from media.errors import NoCapacity


class PortPool:
    """Pairs a worker has bound. A pair is named by its even RTP port; RTCP has the next one.

    A pair that carried a call rests for `quarantine` seconds, so that packets still on their way to it meet
    nobody; a pair that never did is free again at once, behind all others.
    """

    __slots__ = ("_quarantine", "_ready", "_resting", "_seconds", "_used", "asked")

    def __init__(self, quarantine: float) -> None:
        self._seconds = quarantine
        self._ready: deque[int] = deque()
        self._resting: deque[tuple[float, int]] = deque()
        self._used: set[int] = set()
        self.asked = 0

    @property
    def ready(self) -> int:
        """Pairs that can be taken now."""
        return len(self._ready)

    @property
    def resting(self) -> int:
        return len(self._resting)

    @property
    def used(self) -> int:
        return len(self._used)

    def add(self, ports: list[int]) -> None:
        """The worker has bound these pairs, in answer to what was asked."""
        self._ready.extend(ports)
        self.asked = 0

    def take(self, now: float) -> int:
        """A free pair. Raises NoCapacity."""
        self.wake(now)
        if not self._ready:
            raise NoCapacity("No free media port")
        port = self._ready.popleft()
        self._used.add(port)
        return port

    def give(self, port: int, now: float, *, carried: bool) -> None:
        """A pair is no longer used; `carried`: it was set up for a peer."""
        self._used.discard(port)
        if carried:
            self._resting.append((now + self._seconds, port))
        else:
            self._ready.append(port)

    def wake(self, now: float) -> None:
        """Pairs that have rested are free."""
        while self._resting and self._resting[0][0] <= now:
            self._ready.append(self._resting.popleft()[1])

    def missing(self, target: int) -> int:
        """How many pairs to ask the worker for to have `target` ready; 0 while an answer is awaited."""
        short = target - len(self._ready)
        if short <= target // 4 or self.asked:
            return 0
        self.asked = short
        return short

    def surplus(self, target: int) -> list[int]:
        """Pairs beyond twice the target, for the worker to close; they are no longer in the pool."""
        return [self._ready.popleft() for _ in range(max(0, len(self._ready) - 2 * target))]

"""How often somebody may be wrong at one place: so many wrong codes, then a pause."""

from __future__ import annotations

from collections import deque

from dialplan.passes import PAUSE_SECONDS, TRIES

FORGOTTEN_SECONDS = 900.0
"""A slip of the finger counts no longer than this."""


class Tries:
    """One place where codes are given. A right code does not wash the wrong ones off: else whoever has one
    pass could guess another's between two uses of his own.
    """

    def __init__(self, wrong: int = 0, now: float = 0.0) -> None:
        """`wrong`: so many were wrong just now, before a restart."""
        self._wrong: deque[float] = deque([now] * wrong, maxlen=TRIES)
        self._until = 0.0
        if wrong >= TRIES:
            self._pause(now)

    def paused(self, now: float) -> float:
        """Seconds until the next code is looked at; 0: now."""
        return max(0.0, self._until - now)

    def failed(self, now: float) -> bool:
        """One more was wrong; True when that begins a pause."""
        while self._wrong and self._wrong[0] + FORGOTTEN_SECONDS <= now:
            self._wrong.popleft()
        self._wrong.append(now)
        if len(self._wrong) < TRIES:
            return False
        self._pause(now)
        return True

    @property
    def wrong(self) -> int:
        """Wrong ones that count."""
        return len(self._wrong)

    def _pause(self, now: float) -> None:
        self._until = now + PAUSE_SECONDS
        self._wrong.clear()

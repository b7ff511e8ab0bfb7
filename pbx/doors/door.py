"""What one door is doing: closed, opening, or open until a moment [S].

A second press while the door is opening waits for the same answer, and one while it is open is answered as
opened: neither sends a second pulse, and neither extends the first. So ten people pressing at once, or a
digit heard twice, move the lock once, and the time a relay is on is bounded by one order. A press just after
the door has shut is carried out a moment later (`SETTLE`): a relay that is asked again before it has let go
would never let go.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SETTLE = 0.3


class Asked(Enum):
    """What a press leads to."""

    COMMAND = "command"  # send a pulse
    WAIT = "wait"  # one is on its way: share its result
    OPEN = "open"  # the door is open already


@dataclass(frozen=True, slots=True)
class LastResult:
    """How the last opening went, and when (monotonic)."""

    opened: bool
    detail: str
    at: float


class DoorActivity:
    """One door's state and counts. `opened` and `failed` count commands, `guarded` presses that needed
    none."""

    __slots__ = ("failed", "guarded", "last", "open_until", "opened", "opening")

    def __init__(self) -> None:
        self.opening = False
        self.open_until: float | None = None
        self.last: LastResult | None = None
        self.opened = self.failed = self.guarded = 0

    def is_open(self, now: float) -> bool:
        """Whether the last pulse still lasts."""
        return self.open_until is not None and now < self.open_until

    def press(self, now: float) -> Asked:
        """Somebody with the right to it wants the door open."""
        if self.opening:
            self.guarded += 1
            return Asked.WAIT
        if self.is_open(now):
            self.guarded += 1
            return Asked.OPEN
        self.opening = True
        return Asked.COMMAND

    def settled_at(self, now: float) -> float:
        """When a command may be sent: now, or when the lock has come to rest after its last opening."""
        return now if self.open_until is None else max(now, self.open_until + SETTLE)

    def finish(self, opened: bool, detail: str, seconds: float, now: float) -> None:
        """The command that `press` asked for has ended; the door stays open for `seconds` from `now`."""
        self.opening = False
        self.last = LastResult(opened, detail, now)
        if opened:
            self.opened += 1
            self.open_until = now + seconds
        else:
            self.failed += 1
            self.open_until = None

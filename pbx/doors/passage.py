"""A way in over several doors (gate, lobby, lift), one after the other [S].

Each door is due a while after the one before it has opened. A door that must wait for others to be shut
(interlock) waits within `PATIENCE`; one that fails ends the way, and what follows is not opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from dialplan.directory import Then

PATIENCE = 15.0
GLANCE = 0.25
"""How often an interlock is looked at while it waits, in seconds."""


class Passage:
    """One order's doors. `due` is when `door` may be asked for; None while its lock is at work, or at the
    end."""

    __slots__ = ("_index", "_steps", "_waiting_since", "due")

    def __init__(self, steps: Sequence[Then], now: float) -> None:
        self._steps, self._index = tuple(steps), 0
        self._waiting_since: float | None = None
        self.due: float | None = now + self._steps[0].delay

    @property
    def door(self) -> str:
        """The door that is next."""
        return self._steps[self._index].door

    @property
    def first(self) -> bool:
        """Whether that is the door somebody asked for."""
        return self._index == 0

    @property
    def rest(self) -> tuple[str, ...]:
        """The doors after the next."""
        return tuple(step.door for step in self._steps[self._index + 1 :])

    def blocked(self, now: float) -> bool:
        """Another door stands open: look again soon; False when patience is over."""
        if self._waiting_since is None:
            self._waiting_since = now
        if now >= self._waiting_since + PATIENCE:
            return False
        self.due = min(now + GLANCE, self._waiting_since + PATIENCE)
        return True

    def began(self) -> None:
        """The lock of `door` is at work."""
        self.due = None

    def opened(self, now: float) -> bool:
        """`door` has opened: go on to the next; False when that was the last."""
        self._index += 1
        self._waiting_since = None
        if self._index == len(self._steps):
            self.due = None
            return False
        self.due = now + self._steps[self._index].delay
        return True

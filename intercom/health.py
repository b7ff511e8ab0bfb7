"""Whether the parts of this agent work [S]: one that is gone for longer than its patience is a fault, until
it is back."""

from __future__ import annotations

PATIENCE = {"relays": 60.0, "camera": 60.0}
"""Seconds: what is replaced soon is no fault, and on a slow card it takes long to load."""


class Health:
    """The parts of one agent; all of them work until somebody says otherwise."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._faults: set[str] = set()

    def lost(self, part: str, now: float) -> None:
        """It is gone, or lacks something."""
        if part not in self._faults:
            self._due.setdefault(part, now + PATIENCE[part])

    def back(self, part: str) -> bool:
        """It works; True when it had been a fault."""
        self._due.pop(part, None)
        known = part in self._faults
        self._faults.discard(part)
        return known

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return min(self._due.values(), default=None)

    def handle_timeout(self, now: float) -> list[str]:
        """The parts that are a fault from now on."""
        found = [part for part, due in self._due.items() if due <= now]
        for part in found:
            del self._due[part]
            self._faults.add(part)
        return found

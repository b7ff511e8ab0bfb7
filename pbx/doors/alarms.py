"""When a door's contact is an alarm: it opened though nobody ordered it, or it stands open too long [S]."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.directory import Door

GRACE = 10.0
"""Seconds after an opening, or a press on the exit button, in which the door may be pushed open."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Alarm:
    """`kind` is "forced_open" or "left_open"; `on` False when it is over."""

    site: str
    door: str
    kind: str
    on: bool


class DoorAlarms:
    """Follows the contacts of doors."""

    __slots__ = ("_due", "_expected", "_raised")

    def __init__(self) -> None:
        self._expected: dict[Key, float] = {}
        self._due: dict[Key, float] = {}
        self._raised: dict[Key, set[str]] = {}

    def expect(self, site: str, door: str, until: float) -> None:
        """The door may be pushed open until then: it was opened, or somebody goes out."""
        key = (site, door)
        self._expected[key] = max(until + GRACE, self._expected.get(key, 0.0))

    def moved(self, site: str, door: Door, is_open: bool, held: bool, now: float) -> list[Alarm]:
        """The contact says so; `held`: the door is meant to stand open."""
        key = (site, door.id)
        if not is_open:
            self._due.pop(key, None)
            return [Alarm(site, door.id, kind, False) for kind in sorted(self._raised.pop(key, ()))]
        if not held:
            self._due[key] = now + door.left_open_seconds
        if held or not door.forced_alarm or now <= self._expected.get(key, -1.0):
            return []
        return self._raise(key, "forced_open")

    def next_deadline(self) -> float | None:
        """When a door will have stood open too long."""
        return min(self._due.values(), default=None)

    def handle_timeout(self, now: float) -> list[Alarm]:
        """Doors that stand open too long."""
        late = [key for key, due in self._due.items() if due <= now]
        for key in late:
            del self._due[key]
        return [alarm for key in late for alarm in self._raise(key, "left_open")]

    def _raise(self, key: Key, kind: str) -> list[Alarm]:
        raised = self._raised.setdefault(key, set())
        if kind in raised:
            return []
        raised.add(kind)
        return [Alarm(*key, kind, True)]

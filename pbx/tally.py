"""Counts facts for metrics; nothing about a person, a device or a site is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pbx.facts import (
    AlarmRaised,
    AuthFailed,
    CallEnded,
    CallStarted,
    DigitPressed,
    DoorFailed,
    DoorOpened,
    Fact,
    LegAnswered,
    LegPlaced,
    Registered,
    Unregistered,
)

_PLAIN: Mapping[type, str] = {
    AuthFailed: "auth_failures",
    CallStarted: "calls_started",
    DigitPressed: "digits",
    LegAnswered: "legs_answered",
    LegPlaced: "legs_placed",
}


class Tally:
    """A listener to facts."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter({name: 0 for name in _PLAIN.values()})

    def __call__(self, fact: Fact) -> None:
        """Count one fact."""
        match fact:
            case CallEnded():
                self._counts[f"calls_ended{{reason={fact.reason.label}}}"] += 1
            case DoorOpened() | DoorFailed():
                result = "opened" if isinstance(fact, DoorOpened) else "failed"
                self._counts[f"door_openings{{method={fact.method},result={result}}}"] += 1
            case Registered():
                kind = "new" if fact.fresh else "refreshed"
                self._counts[f"registrations{{kind={kind}}}"] += 1
            case Unregistered():
                self._counts[f"unregistrations{{cause={fact.cause}}}"] += 1
            case AlarmRaised():
                self._counts[f"alarms{{kind={fact.kind}}}"] += 1
            case _ if (name := _PLAIN.get(type(fact))) is not None:
                self._counts[name] += 1

    def stats(self) -> dict[str, float]:
        """Totals since the start; labels stand in braces after the name."""
        return dict(self._counts)

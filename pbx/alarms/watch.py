"""Finds what nobody else sees: a panel or controller away, a door that fails often, a certificate that ends,
a disk that fills, a clock that jumps [S]."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pbx.control import Control
from pbx.facts import AlarmCleared, AlarmRaised, DoorFailed, DoorOpened, Fact, Registered, Unregistered

AWAY_SECONDS = 60.0
"""A panel or controller may be gone for so long (a restart, a cable) before anybody is told."""

FAILURES, FAILING_SECONDS = 3, 300.0
"""A door that failed so often within so long needs somebody; a refusal by the rules is no failure."""

CERTIFICATE_DAYS = 14
DISK_SHARE = 0.05
CLOCK_SECONDS = 5.0
LOOK_SECONDS = 60.0

_REFUSED = frozenset(
    "unknown_door unknown_subject wrong_panel lockdown tamper".split()
    + "no_right wrong_method wrong_time used_up interlock".split()
)


@dataclass(frozen=True, slots=True)
class Look:
    """What the machine says: when the certificate ends, which share of the disk is free, civil time."""

    certificate_ends: datetime | None
    disk_free: float
    at: datetime


class AlarmWatch:
    """A listener to facts, and a `Timed` of the driver.

    Args:
        control: which devices are the building's, and where they are.
        publish: gets AlarmRaised and AlarmCleared.
        look: asks the machine.
    """

    HEARS = (Registered, Unregistered, DoorOpened, DoorFailed)

    def __init__(self, control: Control, publish: Callable[[Fact], None], look: Callable[[], Look]) -> None:
        self._control = control
        self._publish = publish
        self._look = look
        self._gone: dict[tuple[str, str], str] = {}
        self._due: dict[tuple[str, str], float] = {}
        self._away: set[tuple[str, str]] = set()
        self._failures: dict[tuple[str, str], deque[float]] = {}
        self._failing: set[tuple[str, str]] = set()
        self._clock: tuple[float, datetime] | None = None
        self._next_look = 0.0
        self._now = 0.0

    def __call__(self, fact: Fact) -> None:
        """Take one fact."""
        match fact:
            case Unregistered():
                self._left(fact)
            case Registered():
                self._came(fact)
            case DoorFailed() if fact.detail not in _REFUSED:
                self._failed(fact)
            case DoorOpened() if (fact.site, fact.door) in self._failing:
                self._failing.discard((fact.site, fact.door))
                self._failures.pop((fact.site, fact.door), None)
                self._publish(AlarmCleared(fact.site, "door_failing", fact.door, "it opened"))

    def next_deadline(self) -> float | None:
        """When a device has been away for too long, or it is time to look at the machine."""
        return 0.0 if self._gone else min((*self._due.values(), self._next_look))

    def handle_timeout(self, now: float) -> None:
        """Tell what is due."""
        self._now = now
        for key in self._gone:
            self._due[key] = now + AWAY_SECONDS
        self._gone.clear()
        for key in [key for key, due in self._due.items() if due <= now]:
            del self._due[key]
            endpoint = self._control.endpoint(*key)
            if endpoint is not None and not endpoint.contacts:
                self._away.add(key)
                detail = f"not registered for {AWAY_SECONDS:.0f} s"
                self._publish(AlarmRaised(key[0], f"{endpoint.kind}_away", endpoint.username, detail))
        if now >= self._next_look:
            self._next_look = now + LOOK_SECONDS
            self._machine(self._look(), now)

    def _left(self, fact: Unregistered) -> None:
        endpoint = self._control.endpoint(fact.site, fact.device)
        if endpoint is not None and not endpoint.personal and not endpoint.contacts:
            self._gone[fact.site, fact.device] = fact.cause

    def _came(self, fact: Registered) -> None:
        key = (fact.site, fact.device)
        self._gone.pop(key, None)
        self._due.pop(key, None)
        if key in self._away:
            self._away.discard(key)
            endpoint = self._control.endpoint(*key)
            if endpoint is not None:
                self._publish(
                    AlarmCleared(fact.site, f"{endpoint.kind}_away", endpoint.username, "registered again")
                )

    def _failed(self, fact: DoorFailed) -> None:
        key = (fact.site, fact.door)
        recent = self._failures.setdefault(key, deque(maxlen=FAILURES))
        recent.append(self._now)
        often = len(recent) == FAILURES and recent[-1] - recent[0] <= FAILING_SECONDS
        if often and key not in self._failing:
            self._failing.add(key)
            detail = f"{FAILURES} times, last: {fact.detail}"
            self._publish(AlarmRaised(fact.site, "door_failing", fact.door, detail))

    def _machine(self, seen: Look, now: float) -> None:
        ends = seen.certificate_ends
        if ends is not None:
            near = ends - seen.at < timedelta(days=CERTIFICATE_DAYS)
            self._state(near, "certificate_ending", "certificate", f"it ends on {ends:%Y-%m-%d}")
        self._state(seen.disk_free < DISK_SHARE, "disk_full", "disk", f"{seen.disk_free:.0%} free")
        if self._clock is not None:
            passed = (seen.at - self._clock[1]).total_seconds() - (now - self._clock[0])
            self._state(abs(passed) > CLOCK_SECONDS, "clock_jumped", "clock", f"by {passed:.0f} s")
        self._clock = (now, seen.at)

    def _state(self, bad: bool, kind: str, subject: str, detail: str) -> None:
        """The book tells only what changes."""
        self._publish((AlarmRaised if bad else AlarmCleared)(None, kind, subject, detail))

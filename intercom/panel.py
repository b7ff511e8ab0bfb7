"""What the visitor meets [S]: idle, calling, ringing, connected, door open; the transitions stand in one
table.

Events in, effects out. The panel shows neither who refused nor who is away: every end without an answer is
`unanswered`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

# How long "nobody answers" and "goodbye" stay on the screen before the directory returns.
SHOW_SECONDS = 5.0


class State(Enum):
    """The state of the call at this panel; an open door lies over any of them and is kept apart
    (`Panel.open_until`)."""

    IDLE = "idle"
    CALLING = "calling"
    RINGING = "ringing"
    CONNECTED = "connected"
    UNANSWERED = "unanswered"
    ENDED = "ended"


class Happening(Enum):
    """What a call can tell the panel."""

    RANG = "rang"
    ANSWERED = "answered"
    FAILED = "failed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Send the INVITE for this button."""

    calls: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """Hang up: BYE or CANCEL, whichever fits."""


@dataclass(frozen=True, slots=True)
class Show:
    """What screen and speaker say from now on; `door_open` stands before any state of the call."""

    state: State
    door_open: bool
    calls: str


Effect = PlaceCall | EndCall | Show

_NEXT: dict[tuple[State, Happening], State] = {
    (State.CALLING, Happening.RANG): State.RINGING,
    (State.CALLING, Happening.ANSWERED): State.CONNECTED,
    (State.CALLING, Happening.FAILED): State.UNANSWERED,
    (State.CALLING, Happening.ENDED): State.ENDED,
    (State.RINGING, Happening.ANSWERED): State.CONNECTED,
    (State.RINGING, Happening.FAILED): State.UNANSWERED,
    (State.RINGING, Happening.ENDED): State.ENDED,
    (State.CONNECTED, Happening.FAILED): State.ENDED,
    (State.CONNECTED, Happening.ENDED): State.ENDED,
}
# Where a call has ended.
OVER = frozenset({State.UNANSWERED, State.ENDED})
_BUSY = frozenset({State.CALLING, State.RINGING, State.CONNECTED})


class Panel:
    """One panel; one call at a time."""

    def __init__(self, ring_seconds: float) -> None:
        """`ring_seconds` bounds calling and ringing at the panel itself, whatever the server does."""
        self._ring_seconds = ring_seconds
        self.state = State.IDLE
        self.calls = ""
        self.open_until: float | None = None
        self._deadline: float | None = None

    def tap(self, calls: str, now: float) -> list[Effect]:
        """A visitor chose a button; while a call is up a second tap does nothing."""
        if self.state in _BUSY:
            return []
        self.calls = calls
        self._deadline = now + self._ring_seconds
        return [PlaceCall(calls), *self._enter(State.CALLING)]

    def hang_up(self, now: float) -> list[Effect]:
        """The visitor ends the call."""
        if self.state not in _BUSY:
            return []
        return [EndCall(), *self.happened(Happening.ENDED, now)]

    def happened(self, happening: Happening, now: float) -> list[Effect]:
        """The call went on; what does not fit the state (a late 180, a second end) changes nothing."""
        after = _NEXT.get((self.state, happening))
        if after is None:
            return []
        if after is State.CONNECTED:
            self._deadline = None  # the talk limit is the server's
        elif after not in _BUSY:
            self._deadline = now + SHOW_SECONDS
        return self._enter(after)

    def door_opened(self, until: float) -> list[Effect]:
        """A door at this panel is open until `until`; says so over any state."""
        fresh = self.open_until is None
        self.open_until = max(until, self.open_until or until)
        return [self._show()] if fresh else []

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        moments = (self._deadline, self.open_until)
        return min((moment for moment in moments if moment is not None), default=None)

    def handle_timeout(self, now: float) -> list[Effect]:
        """The door has closed, nobody answered in time, or the last word has been read."""
        effects: list[Effect] = []
        if self.open_until is not None and self.open_until <= now:
            self.open_until = None
            effects.append(self._show())
        if self._deadline is not None and self._deadline <= now:
            self._deadline = None
            effects += self._run_out(now)
        return effects

    def _run_out(self, now: float) -> list[Effect]:
        if self.state in _BUSY:
            return [EndCall(), *self.happened(Happening.FAILED, now)]
        self.calls = ""
        return self._enter(State.IDLE)

    def _enter(self, state: State) -> list[Effect]:
        self.state = state
        return [self._show()]

    def _show(self) -> Show:
        return Show(self.state, self.open_until is not None, self.calls)

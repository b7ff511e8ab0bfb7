"""Being registered and staying so [S]: connect, REGISTER (RFC 3261 10.2), refresh, ping, and after a loss
again with back-off.

Events in, wishes out. Randomness is handed in: after a power cut a hundred panels must not come back in the
same second.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

# How long the PBX may take to answer a REGISTER or a ping before it counts as lost.
ANSWER_SECONDS = 5.0
FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0
# What a server may ask of us at most: patience, and haste.
LONGEST_WISH, SHORTEST_EXPIRY = 300.0, 20.0


class State(Enum):
    """Where we are with the PBX."""

    AWAY = "away"
    CONNECTING = "connecting"
    ASKING = "asking"
    REGISTERED = "registered"


class Wish(Enum):
    """What the registration wants done now."""

    CONNECT = "connect"  # make a flow to the PBX; `connected` or `failed` follows
    REGISTER = "register"  # send REGISTER; `accepted` or `failed` follows
    PING = "ping"  # send OPTIONS; `heard` follows, whatever the answer says
    DROP = "drop"  # close the flow: nobody answers there


class Registration:
    """One registration. `spread` gives a random number from 0 to 1."""

    def __init__(self, keepalive_seconds: float, spread: Callable[[], float]) -> None:
        self._keepalive, self._spread = keepalive_seconds, spread
        self.state = State.AWAY
        self.failures = 0
        self._next_try: float | None = None
        self._refresh: float | None = None
        self._ping: float | None = None
        self._answer_due: float | None = None

    def start(self, now: float) -> list[Wish]:
        """Begin at once."""
        self._next_try = now
        return self.handle_timeout(now)

    def stop(self) -> None:
        """Want nothing more."""
        self.state = State.AWAY
        self._next_try = self._refresh = self._ping = self._answer_due = None

    def connected(self, now: float) -> list[Wish]:
        """There is a flow."""
        return self._ask(now)

    def accepted(self, seconds: float, now: float) -> None:
        """The PBX took the REGISTER for `seconds`."""
        if self.state is not State.ASKING:
            return
        self.state = State.REGISTERED
        self.failures = 0
        self._answer_due = None
        # Half to nine tenths of the time: enough for a second try, and no two devices in step.
        self._refresh = now + max(seconds, SHORTEST_EXPIRY) * (0.5 + 0.4 * self._spread())
        self._ping = now + self._keepalive

    def heard(self, now: float) -> None:
        """The PBX answered a ping, or spoke to us otherwise."""
        if self.state is State.REGISTERED:
            self._answer_due = None
            self._ping = now + self._keepalive

    def failed(self, now: float, retry_after: float = 0.0) -> list[Wish]:
        """No flow, no answer, or a refusal: drop what there is and try again later."""
        if self.state is State.AWAY:
            return []
        self._leave(max(self._backoff(), min(retry_after, LONGEST_WISH)), now)
        return [Wish.DROP]

    def lost(self, now: float) -> list[Wish]:
        """The flow is gone; the first try to come back is soon, but not in step with everybody else's."""
        if self.state is State.AWAY:
            return []
        self._leave(self._backoff(), now)
        return []

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        moments = (self._next_try, self._refresh, self._ping, self._answer_due)
        return min((moment for moment in moments if moment is not None), default=None)

    def handle_timeout(self, now: float) -> list[Wish]:
        """Do what is due."""
        if self._next_try is not None and self._next_try <= now:
            self._next_try = None
            self.state = State.CONNECTING
            return [Wish.CONNECT]
        if self._answer_due is not None and self._answer_due <= now:
            return self.failed(now)
        if self._refresh is not None and self._refresh <= now:
            return self._ask(now)
        if self._ping is not None and self._ping <= now:
            self._ping = None
            self._answer_due = now + ANSWER_SECONDS
            return [Wish.PING]
        return []

    def _ask(self, now: float) -> list[Wish]:
        self.state = State.ASKING
        self._refresh = self._ping = None
        self._answer_due = now + ANSWER_SECONDS
        return [Wish.REGISTER]

    def _leave(self, seconds: float, now: float) -> None:
        self.state = State.AWAY
        self._refresh = self._ping = self._answer_due = None
        self._next_try = now + seconds

    def _backoff(self) -> float:
        """1, 2, 4 ... 60 s, each shortened at random to not less than a half."""
        longest = min(FIRST_RETRY * 2.0 ** min(self.failures, 10), LONGEST_RETRY)
        self.failures += 1
        return longest * (0.5 + 0.5 * self._spread())

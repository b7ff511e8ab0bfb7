"""Whether a carrier can be used: it took our REGISTER, or answers OPTIONS; back-off after a loss [S].

What happened comes in, wishes go out; time and chance are handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

ANSWER_SECONDS = 5.0
"""How long a carrier may take to answer a REGISTER or OPTIONS before it counts as away."""

FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0
REJECTED_RETRY = 60.0
"""A wrong password does not become right by hammering."""

SHORTEST_EXPIRY = 30.0


class LineState(Enum):
    """How a trunk is, in the words that AMI uses."""

    AWAY = "Unregistered"
    ASKING = "Asking"
    UP = "Registered"
    REJECTED = "Rejected"


class Wish(Enum):
    """What a line wants done now; `connected`, `accepted`, `heard` or `failed` follows."""

    CONNECT = "connect"
    REGISTER = "register"
    PING = "ping"
    DROP = "drop"


class Line:
    """One trunk's health.

    Args:
        registers: it logs in with the carrier; else the carrier is up while it answers OPTIONS.
        ping_seconds: between two OPTIONS.
        spread: gives a number from 0 to 1.
    """

    def __init__(self, registers: bool, ping_seconds: float, spread: Callable[[], float]) -> None:
        self._registers, self._ping_seconds, self._spread = registers, ping_seconds, spread
        self.state = LineState.AWAY
        self.cause = ""
        self.failures = 0
        self.connected_now = False
        self._try_at: float | None = None
        self._refresh_at: float | None = None
        self._ping_at: float | None = None
        self._answer_due: float | None = None

    @property
    def up(self) -> bool:
        """Whether calls should go by it; a refresh under way changes nothing."""
        return self.state is LineState.UP

    def start(self, now: float) -> list[Wish]:
        """Begin at once."""
        self._try_at = now
        return self.handle_timeout(now)

    def connected(self, now: float) -> list[Wish]:
        """There is a flow."""
        self.connected_now = True
        return self._ask(now)

    def accepted(self, seconds: float, now: float) -> None:
        """The carrier took the REGISTER for `seconds`."""
        if self._registers and self.connected_now:
            self._refresh_at = now + max(seconds, SHORTEST_EXPIRY) * (0.5 + 0.4 * self._spread())
            self._is_up(now)

    def heard(self, now: float) -> None:
        """It answered OPTIONS, whatever it said."""
        self._answer_due = None
        if not self._registers:
            self._is_up(now)
        elif self.up:
            self._ping_at = now + self._ping_seconds

    def failed(self, cause: str, now: float, *, rejected: bool = False) -> list[Wish]:
        """No flow, no answer, or a refusal (`rejected`: of who we are)."""
        if not self.connected_now and self._try_at is not None:
            return []
        self.state = LineState.REJECTED if rejected else LineState.AWAY
        self.cause = cause
        self._rest()
        self._try_at = now + (REJECTED_RETRY if rejected else self._backoff())
        return [Wish.DROP]

    def doubted(self, now: float) -> list[Wish]:
        """A call got no answer, or a 503: ask whether the carrier is there before others wait for it."""
        if not self.connected_now or self._answer_due is not None:
            return []
        return self._ping(now)

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        moments = (self._try_at, self._refresh_at, self._ping_at, self._answer_due)
        return min((moment for moment in moments if moment is not None), default=None)

    def handle_timeout(self, now: float) -> list[Wish]:
        """Do what is due."""
        if self._try_at is not None and self._try_at <= now:
            self._try_at = None
            return [Wish.CONNECT]
        if self._answer_due is not None and self._answer_due <= now:
            return self.failed("no answer", now)
        if self._refresh_at is not None and self._refresh_at <= now:
            return self._ask(now)
        if self._ping_at is not None and self._ping_at <= now:
            return self._ping(now)
        return []

    def _is_up(self, now: float) -> None:
        self.state, self.cause, self.failures = LineState.UP, "", 0
        self._answer_due = None
        self._ping_at = now + self._ping_seconds

    def _ask(self, now: float) -> list[Wish]:
        if self.state is not LineState.UP:
            self.state = LineState.ASKING
        if not self._registers:
            return self._ping(now)
        self._refresh_at = None
        self._answer_due = now + ANSWER_SECONDS
        return [Wish.REGISTER]

    def _ping(self, now: float) -> list[Wish]:
        self._ping_at = None
        self._answer_due = now + ANSWER_SECONDS
        return [Wish.PING]

    def _rest(self) -> None:
        self.connected_now = False
        self._try_at = self._refresh_at = self._ping_at = self._answer_due = None

    def _backoff(self) -> float:
        """1, 2, 4 ... 60 s, each shortened at random to not less than a half."""
        longest = min(FIRST_RETRY * 2.0 ** min(self.failures, 10), LONGEST_RETRY)
        self.failures += 1
        return longest * (0.5 + 0.5 * self._spread())

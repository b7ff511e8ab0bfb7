"""Session timers: a dead peer is noticed because its refreshes stop or ours stay unanswered (RFC 4028)."""

from __future__ import annotations

from typing import Protocol

from ..fields import SessionExpires, parse_seconds
from ..message import Request, Response
from ..stack import Stack
from ..timers import Timed
from .lines import names_token

LONGEST_FLOOR = 86_400
"""A Min-SE above a day is not worth another INVITE."""
SHORTEST = 32
"""Whatever a peer answers, we do not refresh more often than every 16 s."""


class TimerUser(Protocol):
    """Whose session it is."""

    def refresh(self, now: float) -> None:
        """Half of the interval is over and it is ours to refresh."""

    def expired(self, now: float) -> None:
        """No refresh came in time."""


class Nobody:
    """The user of a timer whose session is over."""

    def refresh(self, now: float) -> None:
        """Never called: the timer has been stopped."""

    def expired(self, now: float) -> None:
        """Never called: the timer has been stopped."""


NOBODY = Nobody()


class SessionTimer(Timed):
    """Interval and refresher as last agreed; `seconds` is 0 while there is none.

    `ours`: we refresh, at half of the interval. Without a refresh the session ends min(32, interval/3)
    seconds before the interval does (section 10).
    """

    __slots__ = ("_ends_at", "_floor", "_stack", "_user", "ours", "seconds")

    def __init__(self, stack: Stack, user: TimerUser) -> None:
        self.tick = 0
        self.seconds = 0
        self.ours = False
        self._stack = stack
        self._user = user
        self._ends_at = 0.0
        self._floor = 0

    def ask(self) -> list[str]:
        """The lines of an INVITE or UPDATE of ours (section 7)."""
        interval = self._stack.session_interval
        if not interval:
            return []
        if not self.seconds and not self._floor:
            return self._stack.timer_lines
        refresher = "" if not self.seconds else ";refresher=uac" if self.ours else ";refresher=uas"
        seconds = max(self.seconds or interval, self._floor)
        return [f"Session-Expires: {seconds}{refresher}", f"Min-SE: {self._floor or self._stack.min_se}"]

    def agree(self, request: Request, now: float) -> list[str]:
        """Starts the timer for a request we accept; the lines for its 2xx (section 9)."""
        interval = self._stack.session_interval
        headers = request.headers
        value = headers.get("Session-Expires")
        supports = names_token(headers, "Supported", "timer")
        if not interval or (value is None and not supports):
            self.stop()
            return []
        wanted = SessionExpires.parse(value) if value is not None else SessionExpires(interval)
        floor = headers.get("Min-SE")
        least = max(self._stack.min_se, parse_seconds(floor, "Min-SE") if floor is not None else 0)
        seconds = max(min(wanted.seconds, interval), least)
        if not supports:
            refresher = "uas"
        else:
            refresher = wanted.refresher or ("uas" if self.seconds and self.ours else "uac")
        self._restart(seconds, refresher == "uas", now)
        lines = [f"Session-Expires: {seconds};refresher={refresher}"]
        return [*lines, "Require: timer"] if refresher == "uac" else lines

    def agreed(self, response: Response, now: float) -> None:
        """Starts the timer as a 2xx to our INVITE or UPDATE says; without Session-Expires there is none."""
        value = response.headers.get("Session-Expires")
        if value is None or not self._stack.session_interval:
            self.stop()
            return
        told = SessionExpires.parse(value)
        self._restart(max(told.seconds, SHORTEST), told.refresher != "uas", now)

    def raise_floor(self, response: Response) -> bool:
        """Takes the Min-SE of a 422; False when it asks for nothing more than we offered (section 7.3)."""
        value = response.headers.get("Min-SE")
        floor = parse_seconds(value, "Min-SE") if value is not None else 0
        offered = max(self.seconds or self._stack.session_interval, self._floor)
        if not offered < floor <= LONGEST_FLOOR:
            return False
        self._floor = floor
        return True

    def stop(self) -> None:
        """No interval is agreed any more."""
        if self.seconds:
            self.seconds = 0
            self._stack.table.wheel.disarm(self)

    def release(self) -> None:
        """The session is over and shall not be kept alive from here."""
        self._user = NOBODY

    def fire(self, now: float) -> None:
        if now >= self._ends_at:
            self._user.expired(now)
            return
        self._stack.table.wheel.arm(self, self._ends_at)
        self._user.refresh(now)

    def _restart(self, seconds: int, ours: bool, now: float) -> None:
        self.seconds = seconds
        self.ours = ours
        self._ends_at = now + seconds - min(32, seconds / 3)
        self._stack.table.wheel.arm(self, now + seconds / 2 if ours else self._ends_at)


def too_brief(stack: Stack, request: Request) -> bool:
    """Whether the interval asked for must be refused with 422 (section 9)."""
    value = request.headers.get("Session-Expires")
    if value is None or not stack.session_interval:
        return False
    brief = SessionExpires.parse(value).seconds < stack.min_se
    return brief and names_token(request.headers, "Supported", "timer")

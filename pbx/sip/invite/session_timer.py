"""Session timers: a dead peer is noticed because its refreshes stop or ours stay unanswered (RFC 4028)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..fields import SessionExpires, parse_seconds
from ..message import Request, Response
from ..timers import Timed
from .lines import names_token

if TYPE_CHECKING:
    from ..stack import Stack
    from .session import Session


class SessionTimer(Timed):
    """Interval and refresher as last agreed. `ours` tells that we refresh, at half of the interval; without a
    refresh the session ends min(32, interval/3) seconds before the interval does (section 10)."""

    __slots__ = ("ends_at", "min_se", "ours", "seconds", "session")

    def __init__(self, session: Session) -> None:
        self.tick = 0
        self.session = session
        self.seconds = 0
        self.ours = False
        self.ends_at = 0.0
        self.min_se = 0

    def restart(self, seconds: int, ours: bool, now: float) -> None:
        """A refresh succeeded, or the first 2xx was sent or received."""
        self.seconds = seconds
        self.ours = ours
        self.ends_at = now + seconds - min(32, seconds / 3)
        self.session.stack.table.wheel.arm(self, now + seconds / 2 if ours else self.ends_at)

    def stop(self) -> None:
        """No interval is agreed any more."""
        self.seconds = 0
        self.session.stack.table.wheel.disarm(self)

    def fire(self, now: float) -> None:
        if now >= self.ends_at:
            self.session.lost("session_expired", now)
            return
        self.session.stack.table.wheel.arm(self, self.ends_at)
        self.session.refresh(now)


def too_brief(stack: Stack, request: Request) -> bool:
    """Whether the interval asked for must be refused with 422 (section 9)."""
    value = request.headers.get("Session-Expires")
    if value is None or not stack.session_interval:
        return False
    brief = SessionExpires.parse(value).seconds < stack.min_se
    return brief and names_token(request.headers, "Supported", "timer")


def agree(session: Session, request: Request, now: float) -> list[str]:
    """Starts the timer for a request we accept; the lines for its 2xx (section 9)."""
    stack = session.stack
    supports = names_token(request.headers, "Supported", "timer")
    value = request.headers.get("Session-Expires")
    timer = session.timer
    if not stack.session_interval or (value is None and not supports):
        if timer is not None:
            timer.stop()
        return []
    if timer is None:
        timer = session.timer = SessionTimer(session)
    wanted = SessionExpires.parse(value) if value is not None else SessionExpires(stack.session_interval)
    floor = request.headers.get("Min-SE")
    least = max(stack.min_se, parse_seconds(floor, "Min-SE") if floor is not None else 0)
    seconds = max(min(wanted.seconds, stack.session_interval), least)
    if not supports:
        refresher = "uas"
    else:
        refresher = wanted.refresher or ("uas" if timer.seconds and timer.ours else "uac")
    timer.restart(seconds, refresher == "uas", now)
    lines = [f"Session-Expires: {seconds};refresher={refresher}"]
    if refresher == "uac":
        lines.append("Require: timer")
    return lines


def ask(session: Session) -> list[str]:
    """The lines of an INVITE or UPDATE of ours (section 7)."""
    stack = session.stack
    timer = session.timer
    if not stack.session_interval:
        return []
    if timer is None:
        return stack.timer_lines
    seconds = timer.seconds or max(stack.session_interval, timer.min_se)
    refresher = "" if not timer.seconds else ";refresher=uac" if timer.ours else ";refresher=uas"
    lines = [f"Session-Expires: {seconds}{refresher}"]
    if timer.min_se:
        lines.append(f"Min-SE: {timer.min_se}")
    return lines


def agreed(session: Session, response: Response, now: float) -> None:
    """Starts the timer as a 2xx to our INVITE or UPDATE says; without Session-Expires there is none."""
    value = response.headers.get("Session-Expires")
    timer = session.timer
    if value is None or not session.stack.session_interval:
        if timer is not None:
            timer.stop()
        return
    if timer is None:
        timer = session.timer = SessionTimer(session)
    told = SessionExpires.parse(value)
    # A peer that answers with less than we allow is taken at our floor: we refresh often enough for both.
    timer.restart(max(told.seconds, 32), told.refresher != "uas", now)


def raise_floor(session: Session, response: Response) -> bool:
    """Takes the Min-SE of a 422; False when it asks for nothing more than we asked for (section 7.3)."""
    value = response.headers.get("Min-SE")
    floor = parse_seconds(value, "Min-SE") if value is not None else 0
    if session.timer is None:
        session.timer = SessionTimer(session)
    timer = session.timer
    if floor <= max(timer.min_se, timer.seconds or session.stack.session_interval) or floor > 86_400:
        return False
    timer.min_se = floor
    if timer.seconds:
        timer.seconds = floor
    return True

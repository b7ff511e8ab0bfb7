"""A third-party panel's own lock: we press its open digit on its leg of the call, as RFC 4733 or, failing
that, SIP INFO (RFC 6086).

The digits stand in `Door.relay` ("5", "*1", "#"). RFC 4733 has no acknowledgement: pressed counts as opened.
An INFO is opened by its 200. Without a call with the panel there is no leg to press on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pbx.doors.opener import Done, OpenOrder

if TYPE_CHECKING:
    from pbx.sip.message import Response

DIGITS = frozenset("0123456789*#ABCD")
INFO_TYPE = "application/dtmf-relay"


class Pressing(Protocol):
    """The media side of a call, as `media.engine.MediaSession`."""

    def can_press(self, leg: str) -> bool:
        """Whether this leg agreed on telephone-event."""

    def press(self, leg: str, digit: str) -> None:
        """Send one digit; several are played one after the other."""


class Informing(Protocol):
    """The SIP side of the panel's leg, as `pbx.sip.invite.session.Session`."""

    def info(self, content_type: str, body: bytes, now: float, context: object = None) -> object:
        """Send INFO in the dialog; its end comes back by `context`."""


@dataclass(frozen=True, slots=True)
class PanelLeg:
    """The panel's side of a running call."""

    leg: str
    media: Pressing
    session: Informing


class PanelDigitDriver:
    """Drives the doors whose `driver` is "panel_digit". `panel_leg(call, device)` finds the panel's leg,
    None without one."""

    def __init__(self, panel_leg: Callable[[str, str], PanelLeg | None]) -> None:
        self._panel_leg = panel_leg

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """Press the panel's digits on its leg of the order's call."""
        digits = order.door.relay
        if not 0 < len(digits) <= 8 or not DIGITS.issuperset(digits):
            done(False, "bad_digits", now)
            return
        found = self._panel_leg(order.call, order.door.controller) if order.call is not None else None
        if found is None:
            done(False, "no_call", now)
        elif found.media.can_press(found.leg):
            for digit in digits:
                found.media.press(found.leg, digit)
            done(True, "opened", now)
        else:
            _Informed(found.session, digits, done).send(now)


class _Informed:
    """Sends one INFO per digit, the next after the 200 of the last, so that none overtakes another."""

    __slots__ = ("_digits", "_done", "_session")

    def __init__(self, session: Informing, digits: str, done: Done) -> None:
        self._session, self._digits, self._done = session, digits, done

    def send(self, now: float) -> None:
        body = f"Signal={self._digits[0]}\r\nDuration=160\r\n".encode("ascii")
        self._session.info(INFO_TYPE, body, now, context=self)

    def answered(self, response: Response, now: float) -> None:
        """The panel's answer to the last digit."""
        if response.status < 200:
            return
        if response.status >= 300:
            self._done(False, f"status_{response.status}", now)
            return
        self._digits = self._digits[1:]
        if self._digits:
            self.send(now)
        else:
            self._done(True, "opened", now)

    def failed(self, status: int, now: float) -> None:
        """No answer (408) or no way there (503)."""
        self._done(False, "unreachable" if status == 503 else "timeout", now)

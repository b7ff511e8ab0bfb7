"""What a panel is told during a call, so that its screen can say it: INFO with package "doorline" (RFC 6086).

Only a panel that offers `Recv-Info: doorline` in its INVITE is told anything; others see 180, 200 and
finals. `application/vnd.doorline.state+json`: `{"state": "ringing" | "next" | "open" | "nobody"}`, with
"open" also the door's id and name. `application/vnd.doorline.answer+json`: `{"text": ...}`, typed by somebody
who rings or talks; who that is, is not said, nor whether anybody refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pbx.sip.invite.session import Session

PACKAGE = "doorline"
STATE = "application/vnd.doorline.state+json"
WORD = "application/vnd.doorline.answer+json"
MOST_WORDS = 10
"""Typed answers from one device to one call."""

PanelState = Literal["ringing", "next", "open", "nobody"]


class PanelWords:
    """The words of one call to its caller."""

    __slots__ = ("_counts", "_session", "hears")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counts: dict[str, int] = {}
        offered = session.request.headers.values("Recv-Info")
        self.hears = any(each.strip().lower() == PACKAGE for each in offered)

    def state(self, state: PanelState, now: float, **more: str) -> None:
        """How the call goes."""
        self._tell(STATE, {"state": state, **more}, now)

    def typed(self, device: str, text: str, now: float) -> bool:
        """A word from this device for the visitor; False when it cannot be shown."""
        count = self._counts[device] = self._counts.get(device, 0) + 1
        return count <= MOST_WORDS and self._tell(WORD, {"text": text}, now)

    def _tell(self, kind: str, body: dict[str, str], now: float) -> bool:
        if not self.hears:
            return False
        headers = (("Info-Package", PACKAGE), ("Content-Type", kind))
        return self._session.send_request("INFO", headers, json.dumps(body).encode(), now) is not None

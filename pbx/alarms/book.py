"""Which alarms stand, so that each is told once [S]."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.facts import AlarmCleared, AlarmRaised, Fact

STANDING_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `id` is single use, `state` "raised" or "cleared", `site` "" for the server itself."""

    id: str
    state: str
    site: str
    kind: str
    subject: str
    detail: str
    at: datetime

    @property
    def line(self) -> str:
        """In one line, for a subject."""
        where = f" at {self.site}" if self.site else ""
        return f"{self.kind.replace('_', ' ')} {self.state}: {self.subject}{where}"


class AlarmBook:
    """A listener to facts.

    Args:
        tell: gets each message.
        token: makes ids.
        at: civil time, aware.
    """

    def __init__(
        self, tell: Callable[[Message], None], token: Callable[[], str], at: Callable[[], datetime]
    ) -> None:
        self._tell = tell
        self._token = token
        self._at = at
        self.standing: dict[tuple[str, str, str], Message] = {}

    def __call__(self, fact: Fact) -> None:
        """Take one fact."""
        if not isinstance(fact, AlarmRaised | AlarmCleared):
            return
        key = (fact.site or "", fact.kind, fact.subject)
        raised = isinstance(fact, AlarmRaised)
        if raised == (key in self.standing) or (raised and len(self.standing) >= STANDING_LIMIT):
            return
        message = Message(self._token(), "raised" if raised else "cleared", *key, fact.detail, self._at())
        if raised:
            self.standing[key] = message
        else:
            del self.standing[key]
        self._tell(message)

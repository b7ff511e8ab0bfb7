"""Alarms that stand now, for those who come later than their events: action AlarmList."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pbx.ami.answering import Answer, Asked
from pbx.facts import AlarmCleared, AlarmRaised, Fact

MOST = 1000


class StandingAlarms:
    """A listener to facts that answers which alarms have begun and are not over.

    Args:
        at: civil time, aware.
    """

    def __init__(self, at: Callable[[], datetime]) -> None:
        self._at = at
        self._standing: dict[tuple[str, str, str], tuple[datetime, str]] = {}

    def __call__(self, fact: Fact) -> None:
        """Take one fact."""
        if not isinstance(fact, AlarmRaised | AlarmCleared):
            return
        key = (fact.site or "", fact.kind, fact.subject)
        if isinstance(fact, AlarmCleared):
            self._standing.pop(key, None)
        elif key in self._standing or len(self._standing) < MOST:
            began = self._standing.get(key, (self._at(), ""))[0]
            self._standing[key] = (began, fact.detail)

    def answers(self) -> Mapping[str, Answer]:
        """What this room answers, by lower-case name."""
        return {"alarmlist": self._list}

    def _list(self, asked: Asked) -> None:
        items = [
            [
                ("Site", site),
                ("Alarm", kind),
                ("Subject", subject),
                ("Detail", detail),
                ("Since", began.isoformat(timespec="seconds")),
            ]
            for (site, kind, subject), (began, detail) in self._standing.items()
            if (asked.account.sees(site) if site else asked.account.sites is None)
        ]
        asked.conversation.listing(asked.action, "Alarms will follow", "Alarm", items, "AlarmListComplete")

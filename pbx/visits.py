"""Writes the visit log of commercial sites from the facts; of a residential site nothing is even gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pbx.facts import CallEnded, CallStarted, DoorOpened, Fact, Facts, LegAnswered, LegPlaced
from pbx.store.history import Visit

if TYPE_CHECKING:
    from dialplan.plan import DialPlan


class _Open:
    """A visit that is going on."""

    __slots__ = ("answered_by", "at", "devices", "doors", "started")

    def __init__(self, started: CallStarted, at: datetime) -> None:
        self.started = started
        self.at = at
        self.devices: dict[str, str] = {}
        self.answered_by: str | None = None
        self.doors: list[str] = []


class VisitBook:
    """Turns the facts of a panel's call into one `Visit` when the call ends.

    Args:
        append: queues a visit to be written; it refuses those of sites not known to be commercial.
        civil: the time now, aware.
    """

    def __init__(
        self,
        facts: Facts,
        plans: Mapping[str, DialPlan],
        append: Callable[[Visit], bool],
        civil: Callable[[], datetime],
    ) -> None:
        self._plans = plans
        self._append = append
        self._civil = civil
        self._open: dict[str, _Open] = {}
        facts.subscribe(self._fact, CallStarted, LegPlaced, LegAnswered, DoorOpened, CallEnded)

    def _fact(self, fact: Fact) -> None:
        if isinstance(fact, CallStarted):
            plan = self._plans.get(fact.site)
            if fact.panel is not None and plan is not None and plan.kind == "commercial":
                self._open[fact.call] = _Open(fact, self._civil())
            return
        if not isinstance(fact, LegPlaced | LegAnswered | DoorOpened | CallEnded) or fact.call is None:
            return
        visit = self._open.get(fact.call)
        if visit is None:
            return
        match fact:
            case LegPlaced():
                visit.devices[fact.leg] = fact.device
            case LegAnswered():
                visit.answered_by = visit.devices.get(fact.leg)
            case DoorOpened():
                visit.doors.append(fact.door)
            case CallEnded():
                del self._open[fact.call]
                self._append(_closed(visit, fact))


def _closed(visit: _Open, ended: CallEnded) -> Visit:
    started = visit.started
    return Visit(
        site=started.site,
        call=started.call,
        at=visit.at,
        panel=started.device,
        button=started.label,
        result=ended.reason.label,
        answered_by=visit.answered_by,
        doors=tuple(visit.doors),
        ring_seconds=ended.ring_seconds,
        talk_seconds=ended.talk_seconds,
    )

"""Why did it not ring: for each device the calls of a day, and when what happened to it (P18, decision 14).

In memory only, and told to the device itself alone. Moments are milliseconds from the beginning of the call.
Of a residential site nothing is kept that tells whether somebody answered or a door was opened.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialplan.plan import DialPlan
from pbx.facts import (
    CallEnded,
    CallStarted,
    DoorOpened,
    EndReason,
    Fact,
    LegAnswered,
    LegEnded,
    LegPlaced,
    LegRang,
    Registered,
)
from pbx.push.desk import Notice, Stage

KEPT_SECONDS = 86_400.0
MOST_PER_DEVICE = 50
MOST_DEVICES = 20_000
_NOT_RINGING = frozenset({EndReason.UNREACHABLE, EndReason.FLOW_LOST, EndReason.NO_MEDIA, EndReason.OVERLOAD})
"""Ends that tell why a device did not ring, and nothing of what anybody did."""


@dataclass(slots=True)
class Receipt:
    """One call as one device knew it."""

    call: str
    began: float
    at: datetime
    label: str
    stages: dict[str, int] = field(default_factory=dict)

    def note(self, stage: str, now: float) -> None:
        """The first time counts."""
        self.stages.setdefault(stage, round((now - self.began) * 1000))


@dataclass(slots=True)
class _Open:
    site: str
    began: float
    at: datetime
    label: str
    receipts: dict[str, Receipt] = field(default_factory=dict)
    legs: dict[str, str] = field(default_factory=dict)


class Receipts:
    """A listener of facts, and of what pushes become."""

    HEARS = (CallStarted, LegPlaced, LegRang, LegAnswered, LegEnded, DoorOpened, Registered, CallEnded)

    def __init__(
        self,
        plans: Mapping[str, DialPlan],
        clock: Callable[[], float],
        civil: Callable[[], datetime],
    ) -> None:
        self._plans, self._clock, self._civil = plans, clock, civil
        self._open: dict[str, _Open] = {}
        self._kept: OrderedDict[tuple[str, str], deque[Receipt]] = OrderedDict()

    def of(self, site: str, device: str) -> list[dict[str, Any]]:
        """A device's receipts of the last day, the newest first."""
        oldest = self._clock() - KEPT_SECONDS
        kept = self._kept.get((site, device), deque())
        while kept and kept[0].began < oldest:
            kept.popleft()
        return [
            {
                "call": each.call,
                "at": each.at.isoformat(timespec="seconds"),
                "label": each.label,
                **each.stages,
            }
            for each in reversed(kept)
        ]

    def pushed(self, notice: Notice, stage: Stage, now: float) -> None:
        """What became of a push."""
        self._note(notice.call, notice.device, "push" if stage == "pushed" else f"push_{stage}", now)

    def heard(self, fact: Fact) -> None:
        """A fact: as far as it says something of a device that should ring."""
        now = self._clock()
        match fact:
            case CallStarted():
                self._open[fact.call] = _Open(fact.site, now, self._civil(), fact.label)
            case LegPlaced() if (call := self._open.get(fact.call)) is not None:
                call.legs[fact.leg] = fact.device
                self._note(fact.call, fact.device, "invited", now)
            case LegRang():
                self._note_leg(fact.call, fact.leg, "rang", now)
            case LegAnswered() if self._public(fact.site):
                self._note_leg(fact.call, fact.leg, "answered", now)
            case LegEnded() if fact.reason in _NOT_RINGING:
                self._note_leg(fact.call, fact.leg, fact.reason.label, now)
            case DoorOpened(call=str(key)) if self._public(fact.site):
                for device in list(self._open[key].receipts) if key in self._open else ():
                    self._note(key, device, "opened", now)
            case Registered(fresh=True):
                for key, call in self._open.items():
                    if call.site == fact.site and fact.device in call.receipts:
                        self._note(key, fact.device, "registered", now)
            case CallEnded():
                self._open.pop(fact.call, None)

    def stats(self) -> dict[str, float]:
        """For metrics and leak tests."""
        return {"open": len(self._open), "devices": len(self._kept)}

    def _public(self, site: str) -> bool:
        plan = self._plans.get(site)
        return plan is not None and plan.kind == "commercial"

    def _note_leg(self, key: str, leg: str, stage: str, now: float) -> None:
        call = self._open.get(key)
        if call is not None and leg in call.legs:
            self._note(key, call.legs[leg], stage, now)

    def _note(self, key: str, device: str, stage: str, now: float) -> None:
        call = self._open.get(key)
        if call is None or not device:
            return
        receipt = call.receipts.get(device)
        if receipt is None:
            receipt = call.receipts[device] = Receipt(key, call.began, call.at, call.label)
            owner = (call.site, device)
            self._kept.setdefault(owner, deque(maxlen=MOST_PER_DEVICE)).append(receipt)
            self._kept.move_to_end(owner)
            if len(self._kept) > MOST_DEVICES:
                self._kept.popitem(last=False)
        receipt.note(stage, now)

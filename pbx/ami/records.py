"""A commercial call's record, as Asterisk's Cdr event has it; of a residential call nothing is gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.ami.channels import Channel, ChannelBook
from pbx.ami.wire import Fields
from pbx.facts import CallEnded, CallStarted, EndReason, Fact, LegsConnected

_DISPOSITION = {
    EndReason.BUSY: "BUSY",
    EndReason.DECLINED: "BUSY",
    EndReason.UNREACHABLE: "FAILED",
    EndReason.NOT_FOUND: "FAILED",
    EndReason.FORBIDDEN: "FAILED",
    EndReason.NO_MEDIA: "FAILED",
    EndReason.OVERLOAD: "FAILED",
    EndReason.FAILED: "FAILED",
}


@dataclass(frozen=True, slots=True)
class Record:
    """What is told at the end of a call."""

    site: str
    fields: Fields


@dataclass(slots=True)
class _Open:
    """A call that is going on."""

    started: CallStarted
    at: datetime
    caller: Channel | None = None
    callee: Channel | None = None
    answered: datetime | None = None


class Records:
    """Gathers what a record needs while its call lives.

    Args:
        book: the channels; asked before they are dropped.
        at: civil time.
    """

    def __init__(self, book: ChannelBook, at: Callable[[], datetime]) -> None:
        self._book = book
        self._at = at
        self._open: dict[str, _Open] = {}

    def note(self, fact: Fact) -> None:
        """Take a fact before the book does."""
        if isinstance(fact, CallStarted):
            if not self._book.private(fact.site):
                self._open[fact.call] = _Open(fact, self._at())
        elif isinstance(fact, LegsConnected) and (call := self._open.get(fact.call)) is not None:
            call.caller = self._book.find(fact.call, fact.caller)
            call.callee = self._book.find(fact.call, fact.callee)
            call.answered = self._at()

    def of(self, fact: Fact) -> Record | None:
        """The record of the call that this fact ends, after the book took it."""
        if isinstance(fact, CallStarted) and fact.call in self._open:
            self._open[fact.call].caller = self._book.find(fact.call, fact.leg)
        if not isinstance(fact, CallEnded):
            return None
        call = self._open.pop(fact.call, None)
        if call is None or call.caller is None:
            return None
        return Record(fact.site, _fields(call, call.caller, fact, self._at()))


def _fields(call: _Open, caller: Channel, ended: CallEnded, at: datetime) -> Fields:
    answered = call.answered
    billed = int((at - answered).total_seconds()) if answered is not None else 0
    disposition = "ANSWERED" if answered is not None else _DISPOSITION.get(ended.reason, "NO ANSWER")
    return [
        ("AccountCode", caller.site),
        ("Source", caller.number),
        ("Destination", caller.exten),
        ("DestinationContext", caller.site),
        ("CallerID", f'"{caller.display}" <{caller.number}>'),
        ("Channel", caller.name),
        ("DestinationChannel", call.callee.name if call.callee is not None else ""),
        ("LastApplication", "Dial"),
        ("LastData", ""),
        ("StartTime", f"{call.at:%Y-%m-%d %H:%M:%S}"),
        ("AnswerTime", f"{answered:%Y-%m-%d %H:%M:%S}" if answered is not None else ""),
        ("EndTime", f"{at:%Y-%m-%d %H:%M:%S}"),
        ("Duration", str(int((at - call.at).total_seconds()))),
        ("BillableSeconds", str(billed)),
        ("Disposition", disposition),
        ("AMAFlags", "DOCUMENTATION"),
        ("UniqueID", caller.uniqueid),
        ("UserField", ""),
    ]

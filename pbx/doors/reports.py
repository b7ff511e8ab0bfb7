"""What an agent reports of its inputs: the body of a signed-in SIP MESSAGE, checked and taken once [S].

At most 4 KiB of JSON: `{"run","seq","epoch","inputs":[{"name","kind","on","relay","n"}]}`. `run` is random
per agent process, `seq` counts its reports: together they are the idempotency key, so one that comes again
because its answer was lost changes nothing. What the agent has written down carries a key that outlives both
processes: `epoch`, random per agent's store, and the number `n`, which only rises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pbx.sip.errors import PeerError

CONTENT_TYPE = "application/vnd.doorline.inputs+json"
MAX_BYTES = 4096
MAX_INPUTS = 28
KINDS = frozenset({"contact", "exit", "tamper", "fire", "battery", "opened", "fault"})


@dataclass(frozen=True, slots=True)
class InputState:
    """One input: `on` means open (contact), pressed (exit), tampered, fire, or on battery. `relay` is the
    output that an exit button belongs to, or "". Of kind "opened" `name` is a door that the agent opened by a
    pass while it could not ask, of kind "fault" a part of the agent itself that fails, such as "camera".
    `number` 0: it was not written down.
    """

    name: str
    kind: str
    on: bool
    relay: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one agent process; `epoch` "": it writes nothing down."""

    run: str
    seq: int
    inputs: tuple[InputState, ...]
    epoch: str = ""


def parse(body: bytes) -> Report:
    """Read a report. Raises PeerError (400) on anything else."""
    try:
        fields = json.loads(body) if len(body) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise PeerError(400, "no report")
    run, seq, inputs = fields.get("run"), fields.get("seq"), fields.get("inputs")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < 2**53:
        raise PeerError(400, "no report")
    if not _word(run) or not isinstance(inputs, list) or len(inputs) > MAX_INPUTS:
        raise PeerError(400, "no report")
    epoch = fields.get("epoch", "")
    if epoch != "" and not _word(epoch):
        raise PeerError(400, "no report")
    return Report(str(run), seq, tuple(map(_input, inputs)), str(epoch))


Mark = tuple[str, int]
"""An agent's epoch, and the number of the last of its changes that was taken."""


class Reports:
    """Tells what is new in a report; keeps two numbers per device.

    `keep` gets each new mark, to be written down.
    """

    __slots__ = ("_keep", "_last", "_marks")

    def __init__(self, keep: Callable[[str, str, Mark], None] = lambda site, device, mark: None) -> None:
        self._last: dict[tuple[str, str], tuple[str, int]] = {}
        self._marks: dict[tuple[str, str], Mark] = {}
        self._keep = keep

    def restore(self, marks: Mapping[tuple[str, str], Mark]) -> None:
        """Marks of before a restart."""
        self._marks.update(marks)

    def fresh(self, site: str, device: str, report: Report) -> tuple[InputState, ...]:
        """What comes for the first time, and after what came before it."""
        run, seq = self._last.get((site, device), ("", -1))
        if run == report.run and report.seq <= seq:
            return ()
        self._last[site, device] = (report.run, report.seq)
        epoch, mark = self._marks.get((site, device), ("", 0))
        mark = mark if epoch == report.epoch else 0
        last = max((each.number for each in report.inputs), default=0)
        if report.epoch and last > mark:
            self._marks[site, device] = (report.epoch, last)
            self._keep(site, device, (report.epoch, last))
        return tuple(each for each in report.inputs if each.number == 0 or each.number > mark)


def _input(value: Any) -> InputState:
    if not isinstance(value, dict):
        raise PeerError(400, "no input")
    name, kind, on = value.get("name"), value.get("kind"), value.get("on")
    relay = value.get("relay", "")
    if not _word(name) or not _word(kind) or kind not in KINDS or not isinstance(on, bool):
        raise PeerError(400, "no input")
    if relay != "" and not _word(relay):
        raise PeerError(400, "no input")
    number = value.get("n", 0)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**53:
        raise PeerError(400, "no input")
    return InputState(str(name), str(kind), on, str(relay), number)


def _word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()

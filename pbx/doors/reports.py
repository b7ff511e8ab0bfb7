"""What an agent reports of its inputs: the body of a signed-in SIP MESSAGE, checked and taken once [S].

JSON of at most 4 KiB: `{"run","seq","inputs":[{"name","kind","on","relay"}]}`. `run` is random per agent
process, `seq` counts its reports: together they are the idempotency key, so a report that is sent again
because its answer was lost changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pbx.sip.errors import PeerError

CONTENT_TYPE = "application/vnd.doorline.inputs+json"
MAX_BYTES = 4096
MAX_INPUTS = 28
KINDS = frozenset({"contact", "exit", "tamper", "fire", "battery"})


@dataclass(frozen=True, slots=True)
class InputState:
    """One input: `on` means open (contact), pressed (exit), tampered, fire, or on battery. `relay` is the
    output that an exit button belongs to, or ""."""

    name: str
    kind: str
    on: bool
    relay: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one agent process."""

    run: str
    seq: int
    inputs: tuple[InputState, ...]


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
    return Report(str(run), seq, tuple(map(_input, inputs)))


class Reports:
    """Tells reports that are new; keeps one number per device."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[str, int]] = {}

    def is_new(self, site: str, device: str, report: Report) -> bool:
        """Whether this report comes for the first time, and after those before it."""
        run, seq = self._last.get((site, device), ("", -1))
        if run == report.run and report.seq <= seq:
            return False
        self._last[site, device] = (report.run, report.seq)
        return True


def _input(value: Any) -> InputState:
    if not isinstance(value, dict):
        raise PeerError(400, "no input")
    name, kind, on = value.get("name"), value.get("kind"), value.get("on")
    relay = value.get("relay", "")
    if not _word(name) or not _word(kind) or kind not in KINDS or not isinstance(on, bool):
        raise PeerError(400, "no input")
    if relay != "" and not _word(relay):
        raise PeerError(400, "no input")
    return InputState(str(name), str(kind), on, str(relay))


def _word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()

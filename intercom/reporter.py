"""Tells the PBX of the inputs, each change once and in order, and all of them now and again [S].

A report waits until the PBX has taken it: while the line is away up to 10,000 changes are kept, the oldest
go first. `run` and a counter make each report's idempotency key (`pbx/doors/reports.py`).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping

from intercom.settings import Input

CONTENT_TYPE = "application/vnd.doorline.inputs+json"
KEPT = 10_000
BATCH = 20
RETRY = 2.0
AGAIN = 60.0
"""All states are told so often, for a PBX that was restarted meanwhile."""


class Reporter:
    """What is to be told of `inputs`; `run` is random per process."""

    def __init__(self, run: str, inputs: Mapping[str, Input]) -> None:
        self._run, self._inputs, self._seq = run, inputs, 0
        self._states: dict[str, bool] = {}
        self._changes: deque[tuple[str, bool]] = deque(maxlen=KEPT)
        self._in_flight = self._registered = False
        self._body = b""
        self._due = self._all_due = 0.0

    def learn(self, name: str, on: bool) -> None:
        """An input's state, from the guard."""
        if name in self._inputs and self._states.get(name) is not on:
            self._states[name] = on
            self._changes.append((name, on))

    def line(self, registered: bool, now: float) -> None:
        """Whether the PBX can be reached; all states are told when it can be again."""
        if registered and not self._registered:
            self._due = self._all_due = now
        self._registered = registered

    def next_deadline(self) -> float | None:
        """When there is something to tell."""
        if not self._registered or self._in_flight or not self._inputs:
            return None
        return self._due if self._body or self._changes else max(self._due, self._all_due)

    def report(self, now: float) -> bytes | None:
        """The report to send now; None when there is none. It is on its way until `answered`."""
        due = self.next_deadline()
        if due is None or due > now:
            return None
        self._in_flight = True
        if not self._body:  # else the one that was not taken, once more under its number
            self._body = self._next(now)
        return self._body

    def answered(self, taken: bool, now: float) -> None:
        """The PBX took the report, or did not: the same is sent again after a while."""
        self._in_flight = False
        if not taken:
            self._due = now + RETRY
            return
        self._body = b""

    def _next(self, now: float) -> bytes:
        if now >= self._all_due:
            self._all_due = now + AGAIN
            states = [(name, on) for name, on in self._states.items() if self._inputs[name].kind != "exit"]
            self._changes.extend(states)  # after the changes that led there
        told = [self._changes.popleft() for _ in range(min(BATCH, len(self._changes)))]
        fields = {"run": self._run, "seq": self._seq, "inputs": [self._told(name, on) for name, on in told]}
        self._seq += 1
        return json.dumps(fields, separators=(",", ":")).encode()

    def _told(self, name: str, on: bool) -> dict[str, object]:
        each = self._inputs[name]
        return {"name": name, "kind": each.kind, "on": on, "relay": each.relay}

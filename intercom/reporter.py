"""Tells the PBX of the inputs and of doors that opened without it, each change once and in order, and how all
inputs are now and again [S].

A change waits until the PBX has taken it: while the line is away up to 10,000 are kept, the oldest go first.
`run` and a counter make each report's idempotency key; a change that was written down has one of its own,
`epoch` and its number, which outlives this process (`pbx/doors/reports.py`).
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from intercom.settings import Input
from pbx.sip.message import Response

CONTENT_TYPE = "application/vnd.doorline.inputs+json"
KEPT = 10_000
BATCH = 15
RETRY = 2.0
AGAIN = 60.0
"""All states are told so often, for a PBX that was restarted meanwhile."""


Change = dict[str, object]
"""What the PBX is told of one: `name`, `kind`, `on`, `relay`. Of kind "opened" `name` is a door."""


class Reporter:
    """What is to be told of `inputs`.

    Args:
        run: random per process.
        epoch: of the store that numbers changes.
        states: of the inputs before this process began.
        waiting: numbered changes of before, oldest first.
        keep: gets a change and the states to be written down with it; then comes `add`. None: not kept.
    """

    def __init__(
        self,
        run: str,
        inputs: Mapping[str, Input],
        *,
        epoch: str = "",
        states: Mapping[str, bool] | None = None,
        waiting: Iterable[tuple[int, Change]] = (),
        keep: Callable[[Change, Mapping[str, bool]], object] | None = None,
    ) -> None:
        self._run, self._inputs, self._seq, self._epoch, self._keep = run, inputs, 0, epoch, keep
        self._states = {name: on for name, on in (states or {}).items() if name in inputs}
        self._faults: dict[str, bool] = {}
        self._changes: deque[tuple[int, Change]] = deque(waiting, maxlen=KEPT)
        self._last = 0
        self._in_flight = self._registered = False
        self._body = b""
        self._due = self._all_due = 0.0

    def learn(self, name: str, on: bool) -> None:
        """An input's state, from the guard."""
        if name not in self._inputs or self._states.get(name) is on:
            return
        self._states[name] = on
        self._changed(self._told(name, on), {name: on})

    @property
    def tampered(self) -> bool:
        """Whether any input says so."""
        return any(on for name, on in self._states.items() if self._inputs[name].kind == "tamper")

    def fault(self, part: str, on: bool) -> None:
        """A part of this agent fails, or works again: true of now only, so that nothing is written down."""
        if self._faults.get(part, False) is not on:
            self._faults[part] = on
            self.add(0, _fault(part, on))

    def opened(self, door: str) -> None:
        """A door was opened here while the PBX could not be asked."""
        self._changed({"name": door, "kind": "opened", "on": True, "relay": ""}, {})

    def add(self, number: int, change: Change) -> None:
        """A change is written down under this number; 0: it could not be."""
        self._changes.append((number, change))

    def line(self, registered: bool, now: float) -> None:
        """Whether the PBX can be reached; all states are told when it can be again."""
        if registered and not self._registered:
            self._due = self._all_due = now
        self._registered = registered

    def next_deadline(self) -> float | None:
        """When there is something to tell."""
        if not self._registered or self._in_flight:
            return None
        if self._body or self._changes:
            return self._due
        return max(self._due, self._all_due) if self._inputs or self._faults else None

    def report(self, now: float) -> bytes | None:
        """The report to send now; None when there is none. It is on its way until `answered`."""
        due = self.next_deadline()
        if due is None or due > now:
            return None
        self._in_flight = True
        if not self._body:  # else the one that was not taken, once more under its number
            self._body = self._next(now)
        return self._body

    def answered(self, taken: bool, now: float) -> int:
        """The PBX took the report, or did not: the same is sent again after a while. The number of the last
        change that was told; 0: none.
        """
        self._in_flight = False
        if not taken:
            self._due = now + RETRY
            return 0
        self._body = b""
        last, self._last = self._last, 0
        return last

    def _changed(self, change: Change, states: Mapping[str, bool]) -> None:
        if self._keep is None:
            self.add(0, change)
        else:
            self._keep(change, states)

    def _next(self, now: float) -> bytes:
        if now >= self._all_due:
            self._all_due = now + AGAIN
            states = [(name, on) for name, on in self._states.items() if self._inputs[name].kind != "exit"]
            self._changes.extend((0, self._told(name, on)) for name, on in states)  # after what led there
            self._changes.extend((0, _fault(part, on)) for part, on in self._faults.items())
        told = [self._changes.popleft() for _ in range(min(BATCH, len(self._changes)))]
        self._last = max((number for number, _ in told), default=0)
        inputs = [{**change, "n": number} if number else change for number, change in told]
        fields: dict[str, object] = {"run": self._run, "seq": self._seq, "inputs": inputs}
        if self._epoch:
            fields["epoch"] = self._epoch
        self._seq += 1
        return json.dumps(fields, separators=(",", ":")).encode()

    def _told(self, name: str, on: bool) -> Change:
        each = self._inputs[name]
        return {"name": name, "kind": each.kind, "on": on, "relay": each.relay}


class Sent:
    """The context of one report that is on its way. `told_until` hears the number of the last change that
    was taken."""

    def __init__(self, reporter: Reporter, told_until: Callable[[int], None]) -> None:
        self._reporter, self._told_until = reporter, told_until

    def answered(self, response: Response, now: float) -> None:
        """A report that the PBX will never take is not sent again for ever: it is as good as told."""
        if response.status >= 200:
            last = self._reporter.answered(response.status < 300 or response.status in (400, 405), now)
            if last:
                self._told_until(last)

    def failed(self, status: int, now: float) -> None:
        """Nobody answers."""
        self._reporter.answered(False, now)


def _fault(part: str, on: bool) -> Change:
    return {"name": part, "kind": "fault", "on": on, "relay": ""}

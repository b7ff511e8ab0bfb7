"""The only place that joins the SIP engine, the sockets and the clock; it holds the only timer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol, cast

if TYPE_CHECKING:
    from pbx.sip.engine import Engine
    from pbx.sip.events import Event
    from pbx.sip.flow import Flow
    from pbx.sip.message import Message

_log = logging.getLogger(__name__)

GRAIN = 1 / 64
"""Seconds by which a deadline may be late: no more than the SIP library's own wheel allows itself."""

_ROUNDS = 64
"""Events may make messages and the reverse; beyond this many turns the loop gets a chance to read sockets."""


class Channel(Protocol):
    """The sending side of a flow (`Flow.channel`)."""

    def send(self, flow: Flow, data: bytes) -> None:
        """Put one whole message on its way at once, or drop and count it; never blocks, never raises."""

    def close(self, flow: Flow) -> None:
        """End the connection under this flow; means nothing for UDP."""


class Timed(Protocol):
    """Anything with deadlines that wants the driver's timer (registrar, ring steps, idle connections ...)."""

    def next_deadline(self) -> float | None:
        """The earliest moment at which `handle_timeout` has something to do; None for never."""

    def handle_timeout(self, now: float) -> None:
        """Do what is due at `now`; may be called early, then does nothing."""


class Counted(Protocol):
    """Anything with counters (listeners, gates)."""

    def stats(self) -> dict[str, int]:
        """Counters by name."""


Tap = Callable[[Literal["in", "out"], "Flow", bytes, float], None]
"""Sees each message with its direction, flow and moment; `Driver.tap` while somebody wants to look."""


class Driver:
    """Feeds the engine from sockets, hands its events up and its messages out, and wakes it in time.

    A socket calls `receive` for each message and then `drain` once per batch. Whoever touches the engine or a
    `Timed` otherwise (a media event, an operator's action) calls `drain`, or `touch` to have it done soon.
    All in one thread; nothing here awaits.

    Args:
        engine: the SIP engine.
        clock: monotonic seconds, as the engine's `now`.
        on_event: gets each engine event and `now`; what it raises is logged as our bug and ends nothing else.
        on_flow_lost: gets a flow whose connection is gone (never a UDP flow), after the engine.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], float],
        on_event: Callable[[Event, float], None],
        on_flow_lost: Callable[[Flow, float], None] | None = None,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.faults = 0
        self.dead_sends = 0
        self.tap: Tap | None = None
        self._on_event = on_event
        self._on_flow_lost = on_flow_lost
        self._loop = asyncio.get_running_loop()
        self._timed: list[Timed] = [engine]
        self._counted: dict[str, list[Counted]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._armed = 0.0
        self._draining = False
        self._touched = False
        self._closed = False

    def attach(self, timed: Timed) -> None:
        """Give `timed` a share of the timer; again is harmless."""
        if timed not in self._timed:
            self._timed.append(timed)

    def detach(self, timed: Timed) -> None:
        """Take its share away."""
        if timed in self._timed:
            self._timed.remove(timed)

    def count(self, name: str, counted: Counted) -> None:
        """Show the counters of `counted` in `stats` under `name`; those of one name are added up."""
        holders = self._counted.setdefault(name, [])
        if counted not in holders:
            holders.append(counted)

    def discount(self, name: str, counted: Counted) -> None:
        """Show them no longer."""
        if counted in self._counted.get(name, ()):
            self._counted[name].remove(counted)

    def receive(self, message: Message, flow: Flow, now: float, data: bytes | None = None) -> None:
        """Hand one message to the engine; the caller drains when its batch is done. `data`: as it came."""
        if self.tap is not None:
            self.tap("in", flow, message.to_bytes() if data is None else data, now)
        try:
            self.engine.receive(message, flow, now)
        except Exception:
            self._fault("receive")

    def flow_lost(self, flow: Flow) -> None:
        """Tell everybody that the connection under `flow` is gone; once per flow."""
        if not flow.alive:
            return
        flow.alive = False
        now = self.clock()
        try:
            self.engine.flow_lost(flow, now)
            if self._on_flow_lost is not None:
                self._on_flow_lost(flow, now)
        except Exception:
            self._fault("flow_lost")
        self.drain(now)

    def drain(self, now: float | None = None) -> None:
        """Perform what the engine has to say until it is quiet, then set the timer. Calls within calls do
        nothing."""
        if self._draining or self._closed:
            return
        if now is None:
            now = self.clock()
        self._draining = True
        try:
            for _ in range(_ROUNDS):
                if not self._turn(now):
                    break
            else:
                self.touch()
        finally:
            self._draining = False
        self._arm(now)

    def touch(self) -> None:
        """Drain soon, once for any number of calls in this turn of the loop."""
        if not self._touched and not self._closed:
            self._touched = True
            self._loop.call_soon(self._touch)

    def close(self) -> None:
        """Stop for good: the timer is cancelled, later drains do nothing."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def stats(self) -> dict[str, int]:
        """Counters of the driver and of all that called `count`, names prefixed by theirs."""
        found = {"faults": self.faults, "dead_sends": self.dead_sends}
        for name, holders in self._counted.items():
            for holder in holders:
                for key, value in holder.stats().items():
                    key = f"{name}_{key}"
                    found[key] = found.get(key, 0) + value
        return found

    def _turn(self, now: float) -> bool:
        events = self.engine.events()
        for event in events:
            try:
                self._on_event(event, now)
            except Exception:
                self._fault(type(event).__name__)
        outbox = self.engine.outbox()
        tap = self.tap
        for flow, data in outbox:
            if tap is not None:
                tap("out", flow, data, now)
            if flow.alive:
                cast("Channel", flow.channel).send(flow, data)
            else:
                self.dead_sends += 1
        return bool(events or outbox)

    def _touch(self) -> None:
        self._touched = False
        self.drain()

    def _arm(self, now: float) -> None:
        """One timer, moved only towards an earlier moment; one that fires too early just arms anew, and one
        that fires very soon is soon enough for whatever has come up."""
        if self._timer is not None and self._armed <= now + GRAIN:
            return
        deadline: float | None = None
        for timed in self._timed:
            due = timed.next_deadline()
            if due is not None and (deadline is None or due < deadline):
                deadline = due
        if deadline is None or self._closed:
            return
        if self._timer is not None:
            if self._armed <= deadline:
                return
            self._timer.cancel()
        self._armed = deadline
        self._timer = self._loop.call_at(self._loop.time() + max(0.0, deadline - now), self._fire)

    def _fire(self) -> None:
        self._timer = None
        now = self.clock()
        for timed in tuple(self._timed):
            due = timed.next_deadline()
            if due is not None and due <= now:
                try:
                    timed.handle_timeout(now)
                except Exception:
                    self._fault(type(timed).__name__)
        self.drain(now)

    def _fault(self, where: str) -> None:
        self.faults += 1
        _log.exception("fault in %s", where)

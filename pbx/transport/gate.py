"""The gate in front of all listeners of a process: who may speak, connect and stay (bounds from `Limits`)."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from .limits import Limits, Sources, TokenBuckets, Watched

_SWEEP_SECONDS = 5.0


class Gate:
    """Shared by every listener, so that a source cannot multiply its share by using several transports.

    The driver asks it for deadlines and calls it back, as it does with the engine.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        bounds = self.limits
        self._buckets = TokenBuckets(bounds.messages_per_second, bounds.message_burst, bounds.sources)
        self._sources = Sources(bounds.trusted_sources, bounds.sources)
        self._per_source: dict[str, int] = {}
        self._strangers: dict[Watched, None] = {}
        self._settled: dict[Watched, None] = {}
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = count()
        self._next_sweep = 0.0
        self.connections = 0
        self.rate_refused = 0
        self.connections_refused = 0
        self.connections_timed_out = 0

    def admit(self, host: str, now: float) -> bool:
        """Whether a message from this address may be looked at; called for every datagram."""
        source = self._sources.of(host)
        if source is None or self._buckets.take(source, now):
            return True
        self.rate_refused += 1
        return False

    def admit_known(self, address: tuple[str, int], now: float) -> bool:
        """The same for an address and port that have authenticated: a bucket of their own.

        Whoever sends in the name of somebody else's address empties that address's bucket, but would have
        to hit the port as well to silence a phone that has registered.
        """
        if self._sources.of(address[0]) is None or self._buckets.take(address, now):
            return True
        self.rate_refused += 1
        return False

    def trusted(self, host: str) -> bool:
        """Whether the address lies in `trusted_sources`."""
        return self._sources.of(host) is None

    def charge(self, address: tuple[str, int], messages: int, now: float, *, known: bool) -> float:
        """Count messages that a connection has delivered; seconds for which it should not be read."""
        source = self._sources.of(address[0])
        if source is None:
            return 0.0
        return self._buckets.charge(address if known else source, messages, now)

    def enter(self, host: str) -> bool:
        """Count a new connection in, if there is room for it; each True is paired with one `leave`."""
        limits = self.limits
        source = self._sources.of(host)
        if self.connections >= limits.connections:
            self.connections_refused += 1
            return False
        if source is not None:
            held = self._per_source.get(source, 0)
            if held >= limits.connections_per_source:
                self.connections_refused += 1
                return False
            self._per_source[source] = held + 1
        self.connections += 1
        return True

    def leave(self, host: str) -> None:
        """Count a connection out."""
        self.connections -= 1
        source = self._sources.of(host)
        if source is None:
            return
        held = self._per_source.get(source, 0) - 1
        if held > 0:
            self._per_source[source] = held
        else:
            self._per_source.pop(source, None)

    def watch(self, connection: Watched, host: str) -> None:
        """Look after a connection that a peer opened: it must authenticate in time, then not fall silent."""
        if self.trusted(host):
            self._settled[connection] = None
        else:
            self._strangers[connection] = None

    def forget(self, connection: Watched) -> None:
        """Stop looking after a connection."""
        self._strangers.pop(connection, None)
        self._settled.pop(connection, None)

    def later(self, moment: float, act: Callable[[], None]) -> None:
        """Do something at `moment`, by the driver's timer; it cannot be taken back."""
        heapq.heappush(self._later, (moment, next(self._serial), act))

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        deadline = self._later[0][0] if self._later else None
        for connection in self._strangers:
            due = connection.opened + self.limits.unauthenticated_seconds
            if deadline is None or due < deadline:
                deadline = due
            break
        if self._settled and (deadline is None or self._next_sweep < deadline):
            deadline = self._next_sweep
        return deadline

    def handle_timeout(self, now: float) -> None:
        """Do what was put off, and end connections that stayed unknown or silent for too long."""
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()
        self._judge_strangers(now)
        if now >= self._next_sweep:
            self._next_sweep = now + min(_SWEEP_SECONDS, self.limits.idle_seconds / 4)
            silent_since = now - self.limits.idle_seconds
            for connection in [each for each in self._settled if each.heard <= silent_since]:
                self._end(connection, "idle")

    def _judge_strangers(self, now: float) -> None:
        oldest = now - self.limits.unauthenticated_seconds
        due: list[Watched] = []
        for connection in self._strangers:
            if connection.opened > oldest:
                break
            due.append(connection)
        for connection in due:
            if connection.authenticated:
                del self._strangers[connection]
                self._settled[connection] = None
            else:
                self._end(connection, "unauthenticated")

    def _end(self, connection: Watched, why: str) -> None:
        self.forget(connection)
        self.connections_timed_out += 1
        connection.shut(why)

    def stats(self) -> dict[str, int]:
        """Counters since the start, and how many connections and sources are held now."""
        return {
            "connections": self.connections,
            "connections_refused": self.connections_refused,
            "connections_timed_out": self.connections_timed_out,
            "rate_refused": self.rate_refused,
            "rate_sources": len(self._buckets),
        }

"""One TCP or TLS connection: bytes in, whole messages out, and the limits between (RFC 3261 section 18.3,
RFC 5626)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal, cast

from pbx.sip.errors import PeerError
from pbx.sip.flow import Address, Flow
from pbx.sip.framing import PONG_BYTES, KeepAlive, StreamFramer
from pbx.sip.message import Message, response_to

from .driver import Driver
from .gate import Gate

_FLUSH_SECONDS = 5.0


class StreamCounters:
    """What the connections of one listener have seen; plain numbers, added up by the driver."""

    __slots__ = ("keep_alives", "paused", "received", "sent", "slow_readers", "unparsable")

    def __init__(self) -> None:
        self.received = self.sent = self.keep_alives = 0
        self.unparsable = self.paused = self.slow_readers = 0

    def stats(self) -> dict[str, int]:
        """Counters since the start."""
        return {name: getattr(self, name) for name in self.__slots__}


class StreamChannel(asyncio.Protocol):
    """A connection and its one flow, which exists from `connection_made` on and dies with the connection.

    Args:
        counted: the host that `Gate.enter` was asked for; None for a connection we opened ourselves, which
        nobody
            has to authenticate on.
        gone: called once when the connection is over.
    """

    def __init__(
        self,
        driver: Driver,
        gate: Gate,
        transport: Literal["tcp", "tls"],
        counters: StreamCounters,
        *,
        counted: str | None = None,
        advertised: Address | None = None,
        gone: Callable[[StreamChannel], None] | None = None,
    ) -> None:
        self._driver = driver
        self._gate = gate
        self._kind = transport
        self._counters = counters
        self._counted = counted
        self._advertised = advertised
        self._gone = gone
        self._framer = StreamFramer()
        self._wire: asyncio.Transport | None = None
        self._reading = True
        self._unreadable = 0
        self.flow: Flow | None = None
        self.opened = self.heard = driver.clock()
        self.ended_because = ""

    @property
    def authenticated(self) -> bool:
        """Whether its peer has proved who it is (`limits.Watched`)."""
        return self.flow is not None and self.flow.identity is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is up, over TLS after the handshake."""
        self._wire = wire = cast(asyncio.Transport, transport)
        local, remote = wire.get_extra_info("sockname"), wire.get_extra_info("peername")
        if not local or not remote:  # gone before we looked
            wire.abort()
            local, remote = local or ("0.0.0.0", 0), remote or ("0.0.0.0", 0)
        self.flow = Flow(self._kind, self._advertised or local[:2], remote[:2], self)
        self.opened = self.heard = self._driver.clock()
        if self._counted is not None:
            self._gate.watch(self, self._counted)
            self._driver.touch()

    def data_received(self, data: bytes) -> None:
        """Bytes came; called by the loop."""
        flow, wire = self.flow, self._wire
        if flow is None or wire is None or self.ended_because:
            return
        now = self.heard = self._driver.clock()
        messages = 0
        more = True
        while more:
            try:
                items = self._framer.feed(data)
                more = self._framer.waiting
            except PeerError as error:
                items = []
                self._refuse(error, flow)
                more = not self.ended_because
                messages += 1
            data = b""
            for item in items:
                self._take(item, flow, now)
            messages += len(items)
        self._driver.drain(now)
        wait = self._gate.charge(flow.remote, messages, now, known=flow.identity is not None)
        if wait and not wire.is_closing():
            self._pause(wire, now + wait)

    def eof_received(self) -> bool:
        """The peer has said all it will; we have nothing to say to somebody who cannot answer."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over; called by the loop, once."""
        self._gate.forget(self)
        if self._counted is not None:
            self._gate.leave(self._counted)
        if self.flow is not None:
            self._driver.flow_lost(self.flow)
        if self._gone is not None:
            self._gone(self)

    def send(self, flow: Flow, data: bytes) -> None:
        """Write one message; a peer that does not read what it is sent is cut off."""
        wire = self._wire
        if wire is None or wire.is_closing():
            return
        wire.write(data)
        self._counters.sent += 1
        if wire.get_write_buffer_size() > self._gate.limits.write_buffer:
            self._counters.slow_readers += 1
            self.shut("slow reader")

    def close(self, flow: Flow | None = None) -> None:
        """End the connection once what is written has left, soon in any case."""
        if self._wire is not None and not self._wire.is_closing():
            self.ended_because = self.ended_because or "closed"
            self._wire.close()
            self._gate.later(self._driver.clock() + _FLUSH_SECONDS, self._abort)
            self._driver.touch()

    def shut(self, why: str) -> None:
        """End the connection now (`limits.Watched`)."""
        self.ended_because = self.ended_because or why
        self._abort()

    def peer_certificate(self) -> dict[str, object]:
        """The certificate the peer proved to hold, as `ssl` describes it; empty when none was asked for."""
        found = self._wire.get_extra_info("peercert") if self._wire is not None else None
        return dict(found) if found else {}

    def _take(self, item: Message | KeepAlive, flow: Flow, now: float) -> None:
        if isinstance(item, KeepAlive):
            self._counters.keep_alives += 1
            if item is KeepAlive.PING and self._wire is not None:
                self._wire.write(PONG_BYTES)
            return
        self._counters.received += 1
        self._driver.receive(item, flow, now)

    def _refuse(self, error: PeerError, flow: Flow) -> None:
        """Answer what is wrong but whole; close when the boundaries are lost, or after too much of it."""
        self._counters.unparsable += 1
        self._unreadable += 1
        request = error.request
        if request is not None and request.method != "ACK":
            self.send(flow, response_to(request, error.status, error.reason).to_bytes())
        if error.fatal or self._unreadable >= self._gate.limits.unreadable:
            self.ended_because = self.ended_because or str(error)
            self.close(flow)

    def _pause(self, wire: asyncio.Transport, until: float) -> None:
        if self._reading:
            self._counters.paused += 1
            self._reading = False
            wire.pause_reading()
            self._gate.later(until, self._resume)
            self._driver.touch()

    def _resume(self) -> None:
        self._reading = True
        if self._wire is not None and not self._wire.is_closing():
            self._wire.resume_reading()

    def _abort(self) -> None:
        if self._wire is not None:
            self._wire.abort()

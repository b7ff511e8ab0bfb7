"""A SIP flow over somebody's WebSocket: one message each way is one WebSocket message (RFC 7118)."""

from __future__ import annotations

from collections.abc import Callable

from pbx.sip.errors import PeerError
from pbx.sip.flow import Address, Flow
from pbx.sip.framing import PING_BYTES, PONG_BYTES
from pbx.sip.message import parse, response_to

from .driver import Driver
from .gate import Gate

SUBPROTOCOL = "sip"
LARGEST_MESSAGE = 64 * 1024
HEARTBEAT_SECONDS = 30.0

GOING_AWAY, PROTOCOL_ERROR, POLICY, TOO_BIG, TRY_LATER = 1001, 1002, 1008, 1009, 1013
"""Close codes (RFC 6455 section 7.4.1)."""


class WebSocketChannel:
    """The channel of one WebSocket's flow. Its owner feeds `received`, and calls `closed` when it is over.

    Args:
        send: takes one message (text where it is UTF-8, as browsers expect it) without waiting.
        end: ends the WebSocket with a close code and words, without waiting.
        counted: the host that `Gate.enter` was asked for; None for a connection of our own.
    """

    def __init__(
        self,
        driver: Driver,
        send: Callable[[bytes | str], None],
        end: Callable[[int, str], None],
        flow: Flow,
        gate: Gate,
        counted: str | None,
    ) -> None:
        self._driver = driver
        self._send = send
        self._end = end
        self._gate = gate
        self._counted = counted
        self._over = False
        self._unreadable = 0
        self.flow = flow
        self.opened = self.heard = driver.clock()
        self.ended_because = ""

    @property
    def authenticated(self) -> bool:
        """Whether its peer has proved who it is (`limits.Watched`)."""
        return self.flow.identity is not None

    def received(self, message: bytes | str) -> float:
        """Take one WebSocket message; returns for how many seconds the owner should not read on (mostly
        0.0)."""
        if self._over or self.ended_because:
            return 0.0
        now = self.heard = self._driver.clock()
        data = message.encode("utf-8", "surrogateescape") if isinstance(message, str) else message
        if len(data) > LARGEST_MESSAGE:
            self._close(TOO_BIG, "message too large")
        elif data == PING_BYTES:
            self._send(PONG_BYTES.decode())
        elif data.strip(b"\r\n"):
            self._take(data, now)
        return self._gate.charge(self.flow.remote, 1, now, known=self.authenticated)

    def closed(self) -> None:
        """The WebSocket is over; again is harmless."""
        if self._over:
            return
        self._over = True
        self._gate.forget(self)
        if self._counted is not None:
            self._gate.leave(self._counted)
        self._driver.flow_lost(self.flow)

    def send(self, flow: Flow, data: bytes) -> None:
        """Send one SIP message."""
        if self._over or self.ended_because:
            return
        try:
            self._send(data.decode())
        except UnicodeDecodeError:
            self._send(data)

    def close(self, flow: Flow | None = None) -> None:
        """End the WebSocket in good order."""
        self._close(GOING_AWAY, "closed")

    def shut(self, why: str) -> None:
        """End it because of a limit (`limits.Watched`)."""
        self._close(POLICY, why)

    def _take(self, data: bytes, now: float) -> None:
        try:
            parsed = parse(data)
        except PeerError as error:
            self._refuse(error)
            return
        self._driver.receive(parsed, self.flow, now)
        self._driver.drain(now)

    def _refuse(self, error: PeerError) -> None:
        self._unreadable += 1
        request = error.request
        if request is not None and request.method != "ACK":
            self.send(self.flow, response_to(request, error.status, error.reason).to_bytes())
        if request is None or self._unreadable >= self._gate.limits.unreadable:
            self._close(PROTOCOL_ERROR, str(error))

    def _close(self, code: int, why: str) -> None:
        if not self.ended_because and not self._over:
            self.ended_because = why
            self._end(code, why)


def accept_websocket(
    driver: Driver,
    send: Callable[[bytes | str], None],
    end: Callable[[int, str], None],
    local: Address,
    remote: Address,
    *,
    secure: bool,
    gate: Gate,
) -> WebSocketChannel:
    """Make a flow of a WebSocket that a client opened.

    Before the upgrade the owner has checked Origin (`origin.origin_allowed`) and the subprotocol, and has
    asked `gate.enter(remote[0])`; what that counted in, `WebSocketChannel.closed` counts out.
    """
    driver.attach(gate)
    flow = Flow("wss" if secure else "ws", local, remote)
    channel = WebSocketChannel(driver, send, end, flow, gate, remote[0])
    flow.channel = channel
    gate.watch(channel, remote[0])
    driver.touch()
    return channel

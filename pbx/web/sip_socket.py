"""`/ws`: checks who opens a WebSocket, upgrades it, and lets `pbx.transport` speak SIP on it (RFC 7118)."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.origin import origin_allowed
from pbx.transport.websocket import (
    HEARTBEAT_SECONDS,
    LARGEST_MESSAGE,
    SUBPROTOCOL,
    WebSocketChannel,
    accept_websocket,
)
from pbx.transport.websocket_pump import WebSocketPump

RETRY_SECONDS = "30"


class SipSocket:
    """Takes SIP clients in.

    Args:
        driver: gets their messages.
        gate: bounds their number.
        origins: web origins whose pages may connect.
        native: whether clients that send no Origin (no browsers) may connect too.
    """

    def __init__(self, driver: Driver, gate: Gate, origins: Iterable[str], native: bool) -> None:
        self._driver = driver
        self._gate = gate
        self._origins = tuple(origins)
        self._native = native
        self._open: set[WebSocketChannel] = set()

    def __len__(self) -> int:
        return len(self._open)

    def close(self) -> None:
        """Ask every client to go; their connections end in the following turns of the loop."""
        for channel in list(self._open):
            channel.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Handle one request until its WebSocket is over."""
        self._check(request)
        local = _address(request, "sockname")
        remote = (request.remote or "", _address(request, "peername")[1])  # the client's own behind a proxy
        if not self._gate.enter(remote[0]):
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_SECONDS})
        counted = True
        try:
            socket = web.WebSocketResponse(
                protocols=(SUBPROTOCOL,),
                heartbeat=HEARTBEAT_SECONDS,
                max_msg_size=LARGEST_MESSAGE,
                compress=False,
            )
            await socket.prepare(request)
            pump = WebSocketPump(socket, self._gate.limits.write_buffer)
            channel = accept_websocket(
                self._driver, pump.send, pump.end, local, remote, secure=request.secure, gate=self._gate
            )
            counted = False  # from here on the channel counts it out
        finally:
            if counted:
                self._gate.leave(remote[0])
        self._open.add(channel)
        try:
            await pump.run(channel)
        finally:
            self._open.discard(channel)
        return socket

    def _check(self, request: web.Request) -> None:
        """Refuse what is no SIP WebSocket or comes from a page of somebody else.

        Raises:
            web.HTTPException: with the status to answer.
        """
        origins = request.headers.getall("Origin", [])
        origin = origins[0] if origins else None
        if len(origins) > 1 or not origin_allowed(origin, self._origins, self._native):
            raise web.HTTPForbidden(text="this origin may not connect\n")
        offered = ",".join(request.headers.getall("Sec-WebSocket-Protocol", []))
        if SUBPROTOCOL not in (name.strip().lower() for name in offered.split(",")):
            raise web.HTTPBadRequest(text="the subprotocol sip is needed (RFC 7118)\n")


def _address(request: web.Request, which: str) -> tuple[str, int]:
    """Our or the peer's address of the connection itself."""
    name = request.transport.get_extra_info(which) if request.transport is not None else None
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else ("", 0)

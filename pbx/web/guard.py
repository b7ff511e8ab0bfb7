"""Keeps HTTP connections few, and ends those that do not say what they want."""

from __future__ import annotations

import asyncio
from typing import cast

from aiohttp import web

CONNECTIONS = 2000
FIRST_REQUEST_SECONDS = 10.0


class _Refused(asyncio.Protocol):
    """Hangs up at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast(asyncio.Transport, transport).abort()


class Guard:
    """Makes the protocol objects of a server, within bounds.

    Args:
        server: aiohttp's own factory.
        connections: how many there may be at the same time.
    """

    def __init__(self, server: web.Server, connections: int = CONNECTIONS) -> None:
        self._server = server
        self._limit = connections
        self._silent: set[object] = set()
        self.refused = 0
        self.timed_out = 0

    def __call__(self) -> asyncio.BaseProtocol:
        """A protocol for a new connection."""
        if len(self._server.connections) >= self._limit:
            self.refused += 1
            return _Refused()
        protocol = self._server()
        self._silent.add(protocol)
        asyncio.get_running_loop().call_later(FIRST_REQUEST_SECONDS, self._judge, protocol)
        return protocol

    def heard(self, request: web.BaseRequest) -> None:
        """A connection has sent the head of a request; called from a middleware."""
        self._silent.discard(request.protocol)

    def _judge(self, protocol: web.RequestHandler) -> None:
        if protocol in self._silent:
            self._silent.discard(protocol)
            if protocol.transport is not None:
                self.timed_out += 1
                protocol.transport.abort()

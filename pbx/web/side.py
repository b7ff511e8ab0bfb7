"""Opens and closes the HTTP ports, and says which path is whose."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

from pbx.web.codes import CodePages
from pbx.web.guard import Guard
from pbx.web.health import Health
from pbx.web.metrics import Metrics
from pbx.web.preview import PreviewPages
from pbx.web.proxy import told_by_proxy
from pbx.web.sip_socket import SipSocket

KEEP_ALIVE_SECONDS = 15.0
HANDSHAKE_SECONDS = 10.0
SHUTDOWN_SECONDS = 3.0
BODY_SECONDS = 10.0
LARGEST_BODY = 64 * 1024


class WebSide:
    """The HTTP server of the PBX; `listen` once per port, then `close`.

    Args:
        behind_proxy: whether a proxy on this machine is believed when it says who asks.
    """

    def __init__(
        self,
        socket: SipSocket,
        health: Health,
        metrics: Metrics,
        previews: PreviewPages | None = None,
        codes: CodePages | None = None,
        *,
        behind_proxy: bool = False,
    ) -> None:
        self._socket = socket
        self._dripped = 0
        believing = [self._believe] if behind_proxy else []
        middlewares = [self._note, *believing, self._read]
        self._app = web.Application(middlewares=middlewares, client_max_size=LARGEST_BODY)
        self._app.router.add_get("/ws", socket.answer)
        self._app.router.add_get("/health", health.answer)
        self._app.router.add_get("/metrics", metrics.answer)
        if previews is not None:
            self._app.router.add_routes(previews.routes())
        if codes is not None:
            self._app.router.add_routes(codes.routes())
        self._app.on_response_prepare.append(_no_version)
        self._app.on_shutdown.append(self._say_goodbye)
        self._runner: web.AppRunner | None = None
        self._guard: Guard | None = None
        self._servers: list[asyncio.Server] = []

    def add(self, routes: Iterable[web.RouteDef]) -> None:
        """More paths, before the first `listen`."""
        self._app.router.add_routes(routes)

    async def listen(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> tuple[str, int]:
        """Accept clients; returns the address that was bound.

        Raises:
            OSError: the address is taken or not ours.
        """
        guard = await self._ready()
        loop = asyncio.get_running_loop()
        handshake = HANDSHAKE_SECONDS if tls is not None else None
        server = await loop.create_server(guard, host, port, ssl=tls, ssl_handshake_timeout=handshake)
        self._servers.append(server)
        address = server.sockets[0].getsockname()
        return str(address[0]), int(address[1])

    async def close(self) -> None:
        """Stop listening, end every WebSocket, finish what is being answered."""
        for server in self._servers:
            server.close()
        if self._runner is not None:
            await self._runner.cleanup()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def stats(self) -> dict[str, float]:
        """Counters for metrics."""
        guard = self._guard
        return {
            "websockets": len(self._socket),
            "refused": guard.refused if guard else 0,
            "timed_out": self._dripped + (guard.timed_out if guard else 0),
        }

    async def _ready(self) -> Guard:
        if self._guard is None:
            self._runner = web.AppRunner(
                self._app,
                access_log=None,  # who asked for what, and when, is nobody's business (decision 14)
                handle_signals=False,
                keepalive_timeout=KEEP_ALIVE_SECONDS,
                shutdown_timeout=SHUTDOWN_SECONDS,
            )
            await self._runner.setup()
            assert self._runner.server is not None
            self._guard = Guard(self._runner.server)
        return self._guard

    @web.middleware
    async def _believe(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(told_by_proxy(request))

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self._guard is not None:
            self._guard.heard(request)
        return await handler(request)

    @web.middleware
    async def _read(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A body comes soon or not at all: nobody holds connections by letters that drip."""
        if request.body_exists:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    await request.read()
            except TimeoutError:
                self._dripped += 1
                if request.transport is not None:
                    request.transport.abort()
                raise web.HTTPRequestTimeout from None
        return await handler(request)

    async def _say_goodbye(self, _app: web.Application) -> None:
        self._socket.close()


async def _no_version(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "Doorline"
    response.headers["X-Content-Type-Options"] = "nosniff"

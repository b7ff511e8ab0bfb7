"""`/health`: whether the parts of the server work; no names, no addresses, no counts of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiohttp import web

Parts = Callable[[], Mapping[str, bool]]


class Health:
    """Answers 200 when every part works, else 503; a load balancer needs no more."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def answer(self, request: web.Request) -> web.Response:
        """Handle one request."""
        parts = dict(self._parts())
        good = all(parts.values())
        body = {"status": "ok" if good else "degraded", "parts": parts}
        return web.json_response(body, status=200 if good else 503, headers={"Cache-Control": "no-store"})

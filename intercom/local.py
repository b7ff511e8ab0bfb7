"""The agent's page for the screen at the door, on loopback alone: the kiosk's files, codes, the directory.

`POST /local/code {"code": text}` gives a code or what a QR reader read: `{"result", "door", "seconds"}`.
`GET /local/state`, `GET /local/directory` (also while the network is down), and with `browser_line`
`GET /local/account`: the log-in by which the kiosk's browser calls. Only pages of this very origin may ask.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from dialplan.passes import LONGEST_CODE
from intercom import VERSION
from intercom.memory import own_token
from intercom.pad import Pad
from intercom.settings import Settings

STATIC = Path(__file__).parent / "kiosk" / "static"
LARGEST_BODY = 4096
NAMES = ("127.0.0.1", "localhost")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data: blob:; "
        "media-src 'self' blob: mediastream:; connect-src 'self' ws: wss: https: http://127.0.0.1:*; "
        "worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), screen-wake-lock=(self)",
    "Server": "Doorline",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What pages may know."""

    settings: Settings
    registered: Callable[[], bool]
    directory: Callable[[], Awaitable[str]]
    door_name: Callable[[str], str] = lambda door: door

    def state(self) -> Mapping[str, object]:
        """Who this is, and whether it can be reached."""
        server, account = self.settings.server, self.settings.account
        return {
            "site": server.site,
            "device": self.settings.documents.device or account.username,
            "name": account.name,
            "line": "registered" if self.registered() else "away",
            "codes": True,
            "version": VERSION,
        }

    def account(self) -> Mapping[str, object] | None:
        """The log-in by which the kiosk's browser calls; None where it has no line of its own."""
        account, kiosk = self.settings.account, self.settings.kiosk
        if not kiosk.browser_line:
            return None
        return {
            "site": self.settings.server.site,
            "device": self.settings.documents.device or account.username,
            "username": account.username,
            "secret": account.secret,
            "wss": kiosk.wss,
            "token": own_token(self.settings),
        }


class LocalPages:
    """The HTTP server on loopback; `listen`, then `close`."""

    def __init__(self, pad: Pad, told: Told) -> None:
        self._pad, self._told = pad, told
        self._app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BODY)
        self._app.router.add_routes([
            web.post("/local/code", self._code),
            web.get("/local/state", self._state),
            web.get("/local/directory", self._directory),
            web.get("/local/account", self._account),
            web.get("/", self._index),
        ])
        if STATIC.is_dir():
            self._app.router.add_static("/", STATIC)
        self._runner = web.AppRunner(self._app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        self._port = 0

    async def listen(self, port: int) -> None:
        """Raises OSError when the port is taken."""
        self._port = port
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def close(self) -> None:
        """Answer no more."""
        await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep out pages of other origins, and names that only lead here (DNS rebinding)."""
        hosts = [f"{name}:{self._port}" for name in NAMES]
        origin = request.headers.get("Origin")
        foreign = origin is not None and origin not in [f"http://{host}" for host in hosts]
        if request.host not in hosts or foreign:
            raise web.HTTPForbidden
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise web.HTTPForbidden
        response = await handler(request)
        response.headers.update(HEADERS)
        if request.path.startswith("/local/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    async def _code(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":  # what no form can send
            raise web.HTTPUnsupportedMediaType
        try:
            fields: Any = json.loads(await request.read())
        except (ValueError, RecursionError):
            raise web.HTTPBadRequest from None
        code = fields.get("code") if isinstance(fields, dict) else None
        if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
            raise web.HTTPBadRequest
        said = await self._pad.give(code)
        answer: dict[str, object] = {"result": said.result}
        if said.door:
            answer["door"] = self._told.door_name(said.door)
        if said.seconds:
            answer["seconds"] = said.seconds
        return web.json_response(answer)

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self._told.state())

    async def _directory(self, request: web.Request) -> web.Response:
        found = await self._told.directory()
        if not found:
            raise web.HTTPNotFound
        return web.Response(text=found, content_type="application/json")

    async def _account(self, request: web.Request) -> web.Response:
        found = self._told.account()
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(found)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        page = STATIC / "index.html"
        if not page.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(page, headers={"Cache-Control": "no-cache"})

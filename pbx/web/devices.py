"""What a device asks by HTTP with its own token: a panel its directory, an app its doors.

`Authorization: Bearer TOKEN` (`pbx.auth.bearer`). GET `/panels/directory` answers with an entity tag, or 304;
GET `/device/doors` tells the doors the device's owner may open and what they are at the moment. GET
`/device/receipts` tells what calls of the last day became of at this device, POST `/device/ring` rings it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from dialplan.access import Denied, may_open
from dialplan.directory import Door
from dialplan.plan import DialPlan
from dialplan.route import Target
from pbx.auth.account import Identity
from pbx.doors.doorkeeper import Doorkeeper
from pbx.web.cross_origin import cross_origin
from pbx.web.panel_news import PanelNews

_STRICT = {"Referrer-Policy": "no-referrer"}
RING_PAUSE = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked elsewhere: a device's receipts, and a test ring (the call's id, "" for not now)."""

    receipts: Callable[[str, str], list[dict[str, Any]]] = lambda site, device: []
    ring: Callable[[str, str, float], str] = lambda site, device, now: ""


class DevicePages:
    """Answers devices.

    Args:
        who: whose an `Authorization` header is; None: nobody's.
        settled: called after something that has time to keep.
        origins: web origins whose pages may ask.
    """

    def __init__(
        self,
        who: Callable[[str], Identity | None],
        plans: Mapping[str, DialPlan],
        doors: Doorkeeper,
        news: PanelNews,
        civil: Callable[[], datetime],
        clock: Callable[[], float],
        settled: Callable[[], None],
        origins: Iterable[str],
        asked: Asked = Asked(),
    ) -> None:
        self._who, self._plans, self._doors, self._news = who, plans, doors, news
        self._civil, self._clock, self._origins = civil, clock, tuple(origins)
        self._settled, self._asked = settled, asked
        self._rung: dict[tuple[str, str], float] = {}

    def routes(self) -> list[web.RouteDef]:
        """What to add to the HTTP side."""
        return [
            web.get("/panels/directory", self.directory, allow_head=False),
            web.get("/device/doors", self.doors, allow_head=False),
            web.get("/device/receipts", self.receipts, allow_head=False),
            web.post("/device/ring", self.ring),
            *(web.options(path, self.preflight) for path in ("/panels/directory", "/device/{what}")),
        ]

    async def preflight(self, request: web.Request) -> web.Response:
        """What a page of another origin may do here (CORS)."""
        headers = self.headers(request) | {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Authorization, If-None-Match, Content-Type",
            "Access-Control-Max-Age": "600",
        }
        return web.Response(status=204, headers=headers)

    async def directory(self, request: web.Request) -> web.Response:
        """A panel's directory; of nobody else's."""
        headers = self.headers(request)
        identity = self.identity(request, headers)
        found = self._news.directory(identity.site, identity.device)
        if found is None:
            return web.json_response({"error": "no_panel"}, status=403, headers=headers)
        self._news.fetched(identity.site, identity.device, found.etag, self._clock())
        self._settled()
        headers |= {"ETag": found.etag, "Cache-Control": "private, no-cache"}
        if request.headers.get("If-None-Match") == found.etag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=found.body, content_type="application/json", headers=headers)

    async def doors(self, request: web.Request) -> web.Response:
        """The doors of the device's owner."""
        headers = self.headers(request) | {"Cache-Control": "no-store"}
        identity = self.identity(request, headers)
        plan = self._plans.get(identity.site)
        subject, at = Target("device", identity.device), self._civil()
        found: list[dict[str, Any]] = []
        for door in plan.directory.doors if plan is not None else ():
            assert plan is not None
            state = self._doors.state(identity.site, door.id)
            right = may_open(plan, subject, door.id, "app", at)
            if isinstance(right, Denied) and right.reason != "wrong_time":
                continue
            now = may_open(plan, subject, door.id, "app", at, state=state)
            shown = {"id": door.id, "name": door.name, "now": not isinstance(now, Denied)}
            found.append({**shown, "state": self._state(identity.site, door)})
        return web.json_response({"doors": found}, headers=headers)

    async def receipts(self, request: web.Request) -> web.Response:
        """What became of calls at this device; nobody else is told."""
        headers = self.headers(request) | {"Cache-Control": "no-store"}
        identity = self.identity(request, headers)
        found = self._asked.receipts(identity.site, identity.device)
        return web.json_response({"receipts": found}, headers=headers)

    async def ring(self, request: web.Request) -> web.Response:
        """Ring this device, as a test; not again within ten seconds."""
        headers = self.headers(request) | {"Cache-Control": "no-store"}
        identity = self.identity(request, headers)
        key, now = (identity.site, identity.device), self._clock()
        self._rung = {each: at for each, at in self._rung.items() if now - at < RING_PAUSE}
        call = "" if key in self._rung else self._asked.ring(*key, now)
        if not call:
            headers["Retry-After"] = str(int(RING_PAUSE))
            return web.json_response({"error": "not_now"}, status=429, headers=headers)
        self._rung[key] = now
        self._settled()
        return web.json_response({"call": call}, headers=headers)

    def _state(self, site: str, door: Door) -> str:
        state = self._doors.state(site, door.id)
        if state.fire or (state.hold and not state.lockdown):
            return "held"
        if state.lockdown and door.lockdown:
            return "locked_down"
        if self._doors.opener.activity(site, door.id).is_open(self._clock()):
            return "open"
        return "open" if self._doors.stands_open(site, door.id) else "locked"

    def identity(self, request: web.Request, headers: Mapping[str, str]) -> Identity:
        """Who asks.

        Raises:
            web.HTTPUnauthorized: nobody who may.
        """
        identity = self._who(request.headers.get("Authorization", ""))
        if identity is None:
            raise web.HTTPUnauthorized(text='{"error": "signed_out"}', headers=dict(headers))
        return identity

    def headers(self, request: web.Request) -> dict[str, str]:
        """Headers of every answer; pages of strangers are refused.

        Raises:
            web.HTTPForbidden: the page's origin is none of ours.
        """
        return cross_origin(request, self._origins, _STRICT, exposed="ETag")

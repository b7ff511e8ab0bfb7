"""Codes by HTTP: `/panels/code` for a panel that is a browser, `/guest/` for the page of a guest's link.

A panel shows its device token; a link's token is itself the permission, and whatever is wrong with it looks
the same. Bodies and answers are JSON.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiohttp import web

from dialplan.passes import LONGEST_CODE
from pbx.auth.account import Identity
from pbx.doors.code_messages import CodeMessages
from pbx.doors.codes import Verdict
from pbx.web.cross_origin import cross_origin

_STRICT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
LONGEST_WORD = 128


class CodePages:
    """Asks the code desk for those who come by HTTP.

    Args:
        who: whose an `Authorization` header is; None: nobody's.
        origins: web origins whose pages may ask.
    """

    def __init__(
        self, codes: CodeMessages, who: Callable[[str], Identity | None], origins: Iterable[str]
    ) -> None:
        self._codes, self._who = codes, who
        self._origins = tuple(origins)

    def routes(self) -> list[web.RouteDef]:
        """What to add to the HTTP side."""
        return [
            web.post("/panels/code", self.typed),
            web.options("/panels/code", self.preflight),
            web.post("/guest/standing", self.standing),
            web.post("/guest/open", self.open),
        ]

    async def preflight(self, request: web.Request) -> web.Response:
        """What a page of another origin may do here (CORS)."""
        return web.Response(status=204, headers={
            **self._headers(request),
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "600",
        })

    async def typed(self, request: web.Request) -> web.Response:
        """A code at a panel."""
        headers = self._headers(request)
        identity = self._who(request.headers.get("Authorization", ""))
        if identity is None:
            return web.json_response({"result": "denied"}, status=401, headers=headers)
        if not self._codes.has_pad(identity.site, identity.device):
            return web.json_response({"result": "denied"}, status=403, headers=headers)
        code = (await _fields(request)).get("code")
        if not isinstance(code, str) or not 0 < len(code) <= LONGEST_CODE:
            return web.json_response({"result": "denied"}, status=400, headers=headers)
        done: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

        def told(verdict: Verdict) -> None:
            if not done.done():
                done.set_result(verdict)

        self._codes.judge(identity.site, identity.device, code, told)
        answer = self._codes.answer(identity.site, await done)
        return web.json_response(answer, headers=headers)

    async def standing(self, request: web.Request) -> web.Response:
        """What a link is worth now."""
        found = self._codes.link(_word(await _fields(request), "token"))
        if found is None:
            return web.json_response({"result": "denied"}, status=404, headers=_STRICT)
        return web.json_response(found, headers=_STRICT)

    async def open(self, request: web.Request) -> web.Response:
        """Open a door by a link."""
        fields = await _fields(request)
        said = await self._codes.open_by_link(_word(fields, "token"), _word(fields, "door"))
        return web.json_response(said, headers=_STRICT)

    def _headers(self, request: web.Request) -> dict[str, str]:
        return cross_origin(request, self._origins, _STRICT)


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) and len(value) <= LONGEST_WORD else ""


async def _fields(request: web.Request) -> Mapping[str, Any]:
    try:
        fields = json.loads(await request.read())
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}

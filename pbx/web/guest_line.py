"""`/guest/line`: the page of a guest's link asks for a log-in by which this one browser may call the host."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from dialplan.guest import HOST
from dialplan.passes import token_digest, token_of
from pbx.auth.guests import GuestLines
from pbx.doors.codes import CodeDesk
from pbx.web.codes import LONGEST_WORD

_STRICT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class GuestLinePage:
    """Hands out lines; the link's token is the permission, and whatever is wrong with it looks the same.

    Args:
        settled: called when a line has been made: it has time to keep.
    """

    def __init__(
        self,
        codes: CodeDesk,
        guests: GuestLines,
        civil: Callable[[], datetime],
        clock: Callable[[], float],
        settled: Callable[[], None],
    ) -> None:
        self._codes, self._guests, self._civil, self._clock = codes, guests, civil, clock
        self._settled = settled

    def routes(self) -> list[web.RouteDef]:
        """What to add to the HTTP side."""
        return [web.post("/guest/line", self.line)]

    async def line(self, request: web.Request) -> web.Response:
        """A log-in, once; 403 where there is none to be had, now or at all."""
        found = self._codes.standing(token_digest(await _token(request)))
        line = None
        if found is not None:
            site, standing = found
            line = self._guests.make(site, standing.held, self._civil(), self._clock())
            self._settled()
        if found is None or line is None:
            return web.json_response({"result": "denied"}, status=403, headers=_STRICT)
        said = {"site": found[0], "username": line.username, "secret": line.secret, "user": HOST}
        return web.json_response(said, headers=_STRICT)


async def _token(request: web.Request) -> str:
    try:
        fields = json.loads(await request.read())
    except (ValueError, RecursionError):
        return ""
    given = fields.get("token") if isinstance(fields, dict) else None
    return given if isinstance(given, str) and len(given) <= LONGEST_WORD and token_of(given) == given else ""

"""`/preview/TOKEN`: a ringing panel's picture, live (after WHEP, draft-ietf-wish-whep) and as a JPEG.

POST application/sdp opens the token's one receive-only session: 201, the answer, and in Location where DELETE
ends it. GET of TOKEN.jpg gives the newest picture, never to be stored. The token is the permission; it ends
with the ring, and whatever is wrong with it is answered 404.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from media.errors import NoCapacity, SdpError
from pbx.calls.preview import PATH, PreviewDesk, PreviewGone
from pbx.web.cross_origin import cross_origin

SDP = "application/sdp"
PLACES = PATH + "session/"
PICTURE_SECONDS = 3.0
LONGEST_TOKEN = 128
_STRICT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class PreviewPages:
    """Answers for the desk where tokens are kept. `origins`: web origins whose pages may ask."""

    def __init__(self, desk: PreviewDesk, origins: Iterable[str]) -> None:
        self._desk = desk
        self._origins = tuple(origins)

    def routes(self) -> list[web.RouteDef]:
        """What to add to the HTTP side."""
        return [
            web.get(PATH + "{token}.jpg", self.picture, allow_head=False),
            web.post(PATH + "{token}", self.watch),
            web.delete(PLACES + "{place}", self.leave),
            web.options(PATH + "{token}", self.preflight),
            web.options(PLACES + "{place}", self.preflight),
        ]

    async def preflight(self, request: web.Request) -> web.Response:
        """What a page of another origin may do here (CORS)."""
        return web.Response(status=204, headers={
            **self._headers(request),
            "Access-Control-Allow-Methods": "POST, DELETE",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "600",
        })

    async def watch(self, request: web.Request) -> web.Response:
        """Open a session."""
        headers = self._headers(request)
        if request.content_type != SDP:
            return web.Response(status=415, headers={**headers, "Accept-Post": SDP})
        offer = await request.read()
        try:
            answer, place = self._desk.watch(_word(request, "token"), offer, request.remote)
        except PreviewGone:
            return _nothing(headers)
        except SdpError as error:
            return web.Response(status=error.status if error.status in (400, 413) else 406, headers=headers)
        except NoCapacity:
            return web.Response(status=503, headers={**headers, "Retry-After": "5"})
        headers = {**headers, "Location": PLACES + place}
        return web.Response(status=201, body=answer, content_type=SDP, headers=headers)

    async def leave(self, request: web.Request) -> web.Response:
        """End a session."""
        headers = self._headers(request)
        try:
            self._desk.leave(_word(request, "place"))
        except PreviewGone:
            return _nothing(headers)
        return web.Response(status=200, headers=headers)

    async def picture(self, request: web.Request) -> web.Response:
        """The newest picture."""
        headers = self._headers(request)
        loop = asyncio.get_running_loop()
        made: asyncio.Future[bytes | None] = loop.create_future()

        def done(jpeg: bytes | None) -> None:
            if not made.done():
                made.set_result(jpeg)

        try:
            self._desk.picture(_word(request, "token"), loop.time(), done)
            jpeg = await asyncio.wait_for(made, PICTURE_SECONDS)
        except PreviewGone:
            return _nothing(headers)
        except TimeoutError:
            jpeg = None
        if not jpeg:
            return web.Response(status=503, headers={**headers, "Retry-After": "1"})
        return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)

    def _headers(self, request: web.Request) -> dict[str, str]:
        """Headers of every answer; pages of strangers are refused.

        Raises:
            web.HTTPForbidden: the page's origin is none of ours.
        """
        return cross_origin(request, self._origins, _STRICT, exposed="Location")


def _word(request: web.Request, name: str) -> str:
    word = request.match_info[name]
    if len(word) > LONGEST_TOKEN:
        raise PreviewGone
    return word


def _nothing(headers: dict[str, str]) -> web.Response:
    return web.Response(status=404, headers=headers)

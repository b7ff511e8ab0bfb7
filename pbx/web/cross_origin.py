"""Which web pages may ask us, and the headers that tell a browser so (Fetch standard, CORS)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aiohttp import web

from pbx.transport.origin import origin_allowed


def cross_origin(
    request: web.Request, origins: Collection[str], strict: Mapping[str, str], exposed: str = ""
) -> dict[str, str]:
    """Headers of every answer: `strict` ones, and who may read it. `exposed`: a header that pages may read.

    Raises:
        web.HTTPForbidden: the page's origin is none of ours, or it names several.
    """
    named = request.headers.getall("Origin", [])
    if len(named) > 1 or not origin_allowed(named[0] if named else None, origins, native_allowed=True):
        raise web.HTTPForbidden(text="this origin may not ask\n", headers=dict(strict))
    if not named:
        return dict(strict)
    readable = {"Access-Control-Expose-Headers": exposed} if exposed else {}
    return {**strict, "Access-Control-Allow-Origin": named[0], **readable, "Vary": "Origin"}

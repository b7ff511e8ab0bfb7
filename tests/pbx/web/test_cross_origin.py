"""Which pages are answered, and what their browser is told."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from pbx.web.cross_origin import cross_origin

OURS = ("https://doors.example",)
STRICT = {"Cache-Control": "no-store"}


def _asked(*origins: str, exposed: str = "") -> dict[str, str]:
    named = CIMultiDict([("Origin", each) for each in origins])
    return cross_origin(make_mocked_request("GET", "/", headers=named), OURS, STRICT, exposed)


def test_our_own_page_may_read_the_answer_and_the_header_it_needs() -> None:
    assert _asked(OURS[0]) == {**STRICT, "Access-Control-Allow-Origin": OURS[0], "Vary": "Origin"}
    assert _asked(OURS[0], exposed="ETag")["Access-Control-Expose-Headers"] == "ETag"


def test_a_program_without_an_origin_gets_the_strict_headers_alone() -> None:
    assert _asked(exposed="ETag") == STRICT


@pytest.mark.parametrize("origins", [("https://evil.example",), ("null",), (OURS[0], OURS[0])])
def test_strangers_and_doubled_origins_are_refused(origins: tuple[str, ...]) -> None:
    with pytest.raises(web.HTTPForbidden) as refusal:
        _asked(*origins)
    assert refusal.value.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in refusal.value.headers

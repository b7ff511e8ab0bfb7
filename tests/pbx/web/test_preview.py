"""The preview over HTTP: the one session of a token, its end, pictures, and who may not ask."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest
from aiohttp import ClientSession

from media.errors import NoCapacity, SdpError
from pbx.calls.preview import Preview, PreviewDesk
from pbx.web import preview as pages
from tests.support.web import ORIGIN, web_house

OFFER = b"v=0 offer\r\n"
SDP = {"Content-Type": "application/sdp"}


class Media:
    """A media session that takes any offer but a bad one."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.jpeg: bytes | None = b"\xff\xd8jpeg"
        self.silent = False

    def receive_offer(self, leg: str, sdp: bytes, *, source: str | None, role: str) -> None:
        self.did.append(f"{role} from {source}")
        if sdp.startswith(b"bad"):
            raise SdpError("bad", int(sdp[3:6]))
        if sdp.startswith(b"full"):
            raise NoCapacity("full")

    def answer(self, leg: str, *, like: str) -> bytes:
        return b"v=0 answer\r\n"

    def view(self, source: str, viewer: str) -> None:
        self.did.append("view")

    def drop(self, leg: str) -> None:
        self.did.append("drop")

    def snapshot(self, leg: str, done: Any) -> None:
        if not self.silent:
            done(self.jpeg)


class Ring:
    """A ringing panel behind an HTTP side."""

    def __init__(self, url: str, desk: PreviewDesk, client: ClientSession) -> None:
        words = count()
        self.media, self.client, self.url = Media(), client, url
        self.preview = Preview(self.media, "a", desk, lambda: f"w{next(words)}")  # type: ignore[arg-type]
        self.path = url + self.preview.header("b")[1]

    async def ask(self, method: str, url: str, data: bytes = b"", **headers: str) -> tuple[int, bytes, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.request(method, url, data=data or None, headers=named) as answer:
            return answer.status, await answer.read(), answer.headers

    async def post(self, data: bytes = OFFER, **headers: str) -> tuple[int, bytes, Any]:
        return await self.ask("POST", self.path, data, **{"Content_Type": "application/sdp", **headers})


@asynccontextmanager
async def ring() -> AsyncIterator[Ring]:
    desk = PreviewDesk()
    async with web_house(previews=pages.PreviewPages(desk, [ORIGIN])) as house, ClientSession() as client:
        yield Ring(house.url, desk, client)


async def test_a_session_is_opened_once_and_left() -> None:
    async with ring() as one:
        status, body, headers = await one.post()
        assert (status, body, headers["Content-Type"]) == (201, b"v=0 answer\r\n", "application/sdp")
        assert headers["Cache-Control"] == "no-store"
        assert one.media.did == ["viewer from 127.0.0.1", "view"]
        assert (await one.post())[0] == 404
        place = one.url + headers["Location"]
        assert (await one.ask("DELETE", place))[0] == 200
        assert one.media.did[-1] == "drop"
        assert (await one.ask("DELETE", place))[0] == 404


async def test_it_ends_with_the_ring() -> None:
    async with ring() as one:
        await one.post()
        one.preview.end()
        assert one.media.did[-1] == "drop"
        assert (await one.ask("GET", one.path + ".jpg"))[0] == 404
        assert (await one.post())[0] == 404


@pytest.mark.parametrize(
    ("offer", "status"), [(b"bad400", 400), (b"bad413", 413), (b"bad488", 406), (b"full", 503)]
)
async def test_what_cannot_be_opened_leaves_the_token_good(offer: bytes, status: int) -> None:
    async with ring() as one:
        assert (await one.post(offer))[0] == status
        assert one.media.did[-1] == "drop"
        assert (await one.post(b"x" * 70_000))[0] == 413
        assert (await one.post(Content_Type="text/plain"))[0] == 415
        assert (await one.post())[0] == 201


async def test_a_picture_is_given_and_not_to_be_stored() -> None:
    async with ring() as one:
        status, body, headers = await one.ask("GET", one.path + ".jpg")
        assert (status, body, headers["Content-Type"]) == (200, b"\xff\xd8jpeg", "image/jpeg")
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


async def test_without_a_picture_the_asker_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PICTURE_SECONDS", 0.05)
    async with ring() as one:
        one.media.jpeg = None
        status, _, headers = await one.ask("GET", one.path + ".jpg")
        assert (status, headers["Retry-After"]) == (503, "1")
        one.media.silent = True
        assert (await one.ask("GET", one.path + ".jpg"))[0] == 503
        one.media.silent = False


@pytest.mark.parametrize("word", ["x", "w0-x", "w0", "-", "a" * 200, "w0-" + "%00", "session"])
async def test_a_wrong_token_is_nothing_whatever_is_wrong_with_it(word: str) -> None:
    async with ring() as one:
        wrong = f"{one.url}/preview/{word}"
        assert (await one.ask("POST", wrong, OFFER, Content_Type="application/sdp"))[0] == 404
        assert (await one.ask("GET", wrong + ".jpg"))[0] == 404
        assert (await one.ask("DELETE", f"{one.url}/preview/session/{word}"))[0] == 404


async def test_pages_of_ours_may_ask_and_those_of_strangers_may_not() -> None:
    async with ring() as one:
        assert (await one.post(Origin="https://evil.example"))[0] == 403
        assert (await one.ask("GET", one.path + ".jpg", Origin="null"))[0] == 403
        status, _, headers = await one.ask("OPTIONS", one.path, Origin=ORIGIN)
        assert (status, headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
        assert "DELETE" in headers["Access-Control-Allow-Methods"]
        status, _, headers = await one.post(Origin=ORIGIN)
        assert (status, headers["Access-Control-Expose-Headers"]) == (201, "Location")
        assert headers["Vary"] == "Origin"


async def test_other_methods_are_refused() -> None:
    async with ring() as one:
        assert (await one.ask("PUT", one.path, OFFER))[0] == 405
        assert (await one.ask("PATCH", one.path, OFFER))[0] == 405

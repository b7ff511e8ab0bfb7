"""Codes and links by HTTP: the device's token, origins, and refusals that look alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession

from pbx.auth.account import Identity
from pbx.web.codes import CodePages
from tests.pbx.doors.test_code_messages import TOKEN, House
from tests.support.exchange import SITE
from tests.support.web import ORIGIN, web_house


class Pages:
    """The pages of a house over loopback; `Bearer gate` is the panel."""

    def __init__(self, client: ClientSession, url: str) -> None:
        self._client, self._url = client, url

    async def post(self, path: str, body: Any, who: str = "", **headers: str) -> tuple[int, Any]:
        if who:
            headers["Authorization"] = f"Bearer {who}"
        async with self._client.post(self._url + path, json=body, headers=headers) as answer:
            json = answer.content_type == "application/json"
            return answer.status, await answer.json() if json else await answer.text()


@asynccontextmanager
async def pages() -> AsyncIterator[Pages]:
    house = House()

    def who(said: str) -> Identity | None:
        device = said.removeprefix("Bearer ")
        return Identity(SITE, device, device) if device in ("gate", "kari-phone") else None

    side = CodePages(house.messages, who, [ORIGIN])
    async with web_house(codes=side) as web, ClientSession() as client:
        yield Pages(client, web.url)
    await house.messages.close()


async def test_a_panel_in_a_browser_gives_codes() -> None:
    async with pages() as house:
        right = {"code": "123987"}
        opened = await house.post("/panels/code", right, "gate", Origin=ORIGIN)
        assert opened == (200, {"result": "opened", "door": "Front"})
        assert await house.post("/panels/code", {"code": "nonsense"}, "gate") == (200, {"result": "denied"})
        assert (await house.post("/panels/code", right))[0] == 401
        assert (await house.post("/panels/code", right, "kari-phone"))[0] == 403
        assert (await house.post("/panels/code", {"code": 7}, "gate"))[0] == 400
        assert (await house.post("/panels/code", [], "gate"))[0] == 400
        assert (await house.post("/panels/code", right, "gate", Origin="https://evil.example"))[0] == 403
        async with house._client.options(house._url + "/panels/code", headers={"Origin": ORIGIN}) as answer:
            assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


async def test_a_link_opens_and_anything_else_is_refused_alike() -> None:
    async with pages() as house:
        worth = {"uses": 3, "doors": [{"id": "front", "name": "Front"}]}
        assert await house.post("/guest/standing", {"token": TOKEN}) == (200, worth)
        opened = await house.post("/guest/open", {"token": TOKEN, "door": "front"})
        assert opened == (200, {"result": "opened"})
        other = {"token": TOKEN[::-1], "door": "front"}
        wrong: tuple[Any, ...] = ({}, [], {"token": 1}, {"token": "x" * 200}, other)
        for body in wrong:
            assert await house.post("/guest/standing", body) == (404, {"result": "denied"})
            assert (await house.post("/guest/open", body))[1] == {"result": "denied"}

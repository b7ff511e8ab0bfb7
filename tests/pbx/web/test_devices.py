"""Devices by HTTP: a panel's directory with its tag, an app's doors, and nobody without a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession

from pbx.auth.account import Identity
from pbx.web.devices import Asked, DevicePages
from pbx.web.panel_news import PanelNews
from tests.support.exchange import SITE, Exchange
from tests.support.web import ORIGIN, web_house


class Pages:
    """The pages of the story house; `Bearer DEVICE` is that device."""

    def __init__(self, world: Exchange, client: ClientSession, url: str) -> None:
        self.world, self._client, self._url = world, client, url

    async def get(self, path: str, who: str = "", **headers: str) -> tuple[int, Any, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            named["Authorization"] = f"Bearer {who}"
        async with self._client.get(self._url + path, headers=named) as answer:
            json = answer.content_type == "application/json" and answer.status == 200
            return answer.status, await answer.json() if json else await answer.text(), answer.headers


@asynccontextmanager
async def pages() -> AsyncIterator[Pages]:
    world = Exchange()

    def who(said: str) -> Identity | None:
        device = said.removeprefix("Bearer ")
        return Identity(SITE, device, device) if device in ("gate", "kari-phone") else None

    asked = Asked(lambda site, device: [{"call": "c"}], lambda site, device, now: "c")
    news = PanelNews(world.engine, world.location, world.plans, lambda: world.at)
    side = DevicePages(
        who,
        world.plans,
        world.doorkeeper,
        news,
        lambda: world.at,
        lambda: world.now,
        lambda: None,
        [ORIGIN],
        asked,
    )
    async with web_house(routes=side.routes()) as house, ClientSession() as client:
        yield Pages(world, client, house.url)


async def test_a_panel_gets_its_directory_once() -> None:
    async with pages() as one:
        status, body, headers = await one.get("/panels/directory", "gate", Origin=ORIGIN)
        assert status == 200 and {button["label"] for button in body["buttons"]} == {"All", "Kari", "Ola"}
        assert headers["Access-Control-Expose-Headers"] == "ETag"
        same = await one.get("/panels/directory", "gate", If_None_Match=headers["ETag"])
        assert same[:2] == (304, "")


async def test_nobody_else_gets_it() -> None:
    async with pages() as one:
        assert (await one.get("/panels/directory"))[0] == 401
        assert (await one.get("/panels/directory", "stranger"))[0] == 401
        assert (await one.get("/panels/directory", "kari-phone"))[0] == 403
        assert (await one.get("/panels/directory", "gate", Origin="https://evil.example"))[0] == 403


async def test_doors_and_what_they_are() -> None:
    async with pages() as one:
        world = one.world

        async def state() -> tuple[str, bool]:
            _, body, _ = await one.get("/device/doors", "kari-phone")
            (door,) = body["doors"]
            return door["state"], door["now"]

        assert await state() == ("locked", True)
        world.doorkeeper.lock_down(SITE, ["front"], timedelta(hours=1).total_seconds(), "test")
        assert await state() == ("locked_down", False)
        assert (await one.get("/device/doors", "gate"))[1] == {"doors": []}
        assert (await one.get("/device/doors"))[0] == 401


async def test_a_device_hears_of_its_own_rings() -> None:
    async with pages() as one:
        assert (await one.get("/device/receipts", "kari-phone"))[:2] == (200, {"receipts": [{"call": "c"}]})
        assert (await one.get("/device/receipts"))[0] == 401
        for status in (200, 429):  # not again at once
            async with one._client.post(
                one._url + "/device/ring", headers={"Authorization": "Bearer kari-phone"}
            ) as answer:
                assert answer.status == status

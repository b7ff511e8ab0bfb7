from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from pbx.alarms.book import Message
from pbx.alarms.delivery import Delivery
from pbx.alarms.webhook import Hook, NotAllowed, post, signature

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MESSAGE = Message("id1", "raised", "house.example", "panel_away", "gate", "60 s", AT)
SECRET = "s" * 32


@asynccontextmanager
async def receiver(*statuses: int) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A server that answers with these statuses in turn, and what it got."""
    got: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((dict(request.headers), await request.read()))
        status = statuses[min(len(got), len(statuses)) - 1]
        return web.Response(status=status, headers={"Location": "http://192.0.2.1/"} if status == 302 else {})

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", got
    finally:
        await runner.cleanup()


async def test_what_arrives_is_signed() -> None:
    async with receiver(204) as (url, got):
        await post(Hook.to(url, SECRET, ["127.0.0.1"]), MESSAGE, AT)
    ((headers, body),) = got
    assert headers["Doorline-Signature"] == signature(SECRET, headers["Doorline-Timestamp"], body)
    assert signature("x" * 32, headers["Doorline-Timestamp"], body) != headers["Doorline-Signature"]
    assert headers["Doorline-Id"] == json.loads(body)["id"] == "id1"
    assert headers["Doorline-Timestamp"] == str(int(AT.timestamp()))


@pytest.mark.parametrize("status", [302, 400, 500])
async def test_no_redirect_is_followed_and_a_refusal_is_an_oserror(status: int) -> None:
    async with receiver(status) as (url, got):
        with pytest.raises(OSError, match=str(status)):
            await post(Hook(url, SECRET), MESSAGE, AT)
        assert len(got) == 1


async def test_it_is_tried_until_it_is_taken_with_the_same_id() -> None:
    async with receiver(500, 503, 200) as (url, got):
        hook = Hook(url, SECRET)

        async def carry(message: Message) -> None:
            await post(hook, message, AT)

        delivery = Delivery({"webhook": carry}, waits=(0.01, 0.01, 0.01))
        delivery.tell(MESSAGE)
        while delivery.waiting:
            await asyncio.sleep(0.01)
        await delivery.close()
    assert [headers["Doorline-Id"] for headers, _ in got] == ["id1"] * 3



@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://elsewhere.example/", SECRET),
        ("http://ops.example/", SECRET),
        ("https://ops.example/", "short"),
        ("ftp://127.0.0.1/", SECRET),
    ],
)
def test_where_alarms_may_not_go(url: str, secret: str) -> None:
    with pytest.raises(NotAllowed):
        Hook.to(url, secret, ["ops.example", "127.0.0.1"])

from __future__ import annotations

from aiohttp import ClientSession

from tests.support.web import web_house


async def test_healthy_and_not() -> None:
    async with web_house() as house, ClientSession() as client:
        async with client.get(f"{house.url}/health") as answer:
            assert answer.status == 200
            assert await answer.json() == {"status": "ok", "parts": {"media": True}}
            assert answer.headers["Server"] == "Doorline"
        house.parts["media"] = False
        async with client.get(f"{house.url}/health") as answer:
            assert answer.status == 503
            assert (await answer.json())["status"] == "degraded"

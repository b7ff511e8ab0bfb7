from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession

from pbx.web import guard as guard_module
from tests.support.web import WebHouse, web_house


async def connect(house: WebHouse) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = house.url.removeprefix("http://").partition(":")
    return await asyncio.open_connection(host, int(port))


async def test_who_does_not_say_what_it_wants_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "FIRST_REQUEST_SECONDS", 0.1)
    async with web_house() as house:
        reader, writer = await connect(house)
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        async with asyncio.timeout(20):
            with pytest.raises(ConnectionResetError):
                assert await reader.read() == b""
                raise ConnectionResetError
        writer.close()
        assert house.side.stats()["timed_out"] == 1


async def test_who_asked_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "FIRST_REQUEST_SECONDS", 0.05)
    async with web_house() as house, ClientSession() as client:
        for _ in range(2):
            async with client.get(f"{house.url}/health") as answer:
                assert answer.status == 200
            await asyncio.sleep(0.1)
        assert house.side.stats()["timed_out"] == 0


async def test_connections_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with web_house() as house:
        assert house.side._guard is not None
        monkeypatch.setattr(house.side._guard, "_limit", 1)
        first = await connect(house)
        async with asyncio.timeout(20):
            while not house.side.stats()["refused"]:
                _, writer = await connect(house)
                await asyncio.sleep(0.02)
                writer.close()
        first[1].close()

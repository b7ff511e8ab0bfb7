from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from pbx.certificates import load_or_make
from pbx.web import side as module
from tests.support.web import web_house


async def test_it_speaks_tls(tmp_path: Path) -> None:
    made = load_or_make(tmp_path, ["127.0.0.1", "localhost"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    async with web_house() as house, ClientSession() as client:
        host, port = await house.side.listen("127.0.0.1", 0, context)
        trust = ssl.create_default_context(cafile=str(made.authority))
        async with client.get(f"https://{host}:{port}/health", ssl=trust) as answer:
            assert answer.status == 200


async def test_other_paths_are_not_there() -> None:
    async with web_house() as house, ClientSession() as client:
        for path in ("/", "/metrics/", "/../etc/passwd", "/ws/x"):
            async with client.get(house.url + path) as answer:
                assert answer.status == 404
        async with client.post(f"{house.url}/health") as answer:
            assert answer.status == 405


@pytest.mark.parametrize("path", ["/guest/open", "/guest/line", "/preview/x", "/panels/code", "/nothing"])
async def test_a_body_that_does_not_come_holds_no_connection(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", 0.1)

    async def take(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    routes = [web.post(each, take) for each in ("/guest/{what}", "/preview/{what}", "/panels/{what}")]
    async with web_house(routes=routes) as house, asyncio.timeout(20):
        host, _, port = house.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode())
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()
        assert house.side.stats()["timed_out"] == 1
        async with ClientSession() as client, client.post(f"{house.url}/guest/open", data=b"whole") as answer:
            assert await answer.read() == b"whole"


async def test_a_taken_port_is_an_error() -> None:
    async with web_house() as house:
        host, _, port = house.url.removeprefix("http://").partition(":")
        with pytest.raises(OSError, match="address already in use"):
            await house.side.listen(host, int(port))


async def test_closing_twice_is_harmless() -> None:
    async with web_house() as house:
        await house.side.close()

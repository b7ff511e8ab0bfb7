from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from aiohttp import ClientSession

from pbx.certificates import load_or_make
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


async def test_a_taken_port_is_an_error() -> None:
    async with web_house() as house:
        host, _, port = house.url.removeprefix("http://").partition(":")
        with pytest.raises(OSError, match="address already in use"):
            await house.side.listen(host, int(port))


async def test_closing_twice_is_harmless() -> None:
    async with web_house() as house:
        await house.side.close()

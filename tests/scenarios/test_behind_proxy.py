"""nginx in front, as the deploy guide sets it up: app and SIP by HTTPS, and limits that count people."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from tests.scenarios.faces_house import faces
from tests.support.nginx import PAGES, SIP, Proxy, nginx, proxy_ports

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(300)]

TRIES = 10


async def log_ins(proxy: Proxy, authority: Path, source: str, count: int) -> list[int]:
    """What wrong passwords of one client get; it lies about who it is, each time otherwise."""
    trusting = ssl.create_default_context(cafile=authority)
    found = []
    async with ClientSession(connector=TCPConnector(ssl=trusting, local_addr=(source, 0))) as client:
        for each in range(count):
            async with client.post(
                f"https://127.0.0.1:{proxy.tls_port}/api/v1/login",
                json={"email": "nobody@example.com", "password": "not this one"},
                headers={"Host": f"{PAGES}:{proxy.tls_port}", "X-Forwarded-For": f"192.0.2.{each}"},
            ) as answer:
                found.append(answer.status)
    return found


async def test_an_app_rings_and_opens_behind_nginx(tmp_path: Path) -> None:
    proxy = proxy_ports()
    async with faces(
        tmp_path,
        HTTP__PUBLIC_ORIGINS=json.dumps([proxy.pages]),
        HTTP__PUBLIC_URL=proxy.sip,
        WEBADMIN__PUBLIC_URL=proxy.pages,
    ) as house:
        tls, plain = house.doorline.var / "tls", int(house.web.rpartition(":")[2])
        files = (tls / "server.pem", tls / "server.key")
        async with nginx(tmp_path / "nginx", proxy, plain, house.doorline.http, *files):
            house.web = proxy.pages
            kari = await house.resident("kari", trusting=True)
            panel = await house.panel(trusting=True)
            await panel.click(".touch")
            await panel.click('.row:has-text("Kari")')
            await kari.see(".call.ringing")
            await kari.sees_picture()
            await kari.click(".round.open")
            await kari.see(".call.talking")
            await kari.hold(".call .hold")
            await house.agent.says("edge relay=front on=1")

            first = await log_ins(proxy, tls / "ca.pem", "127.0.0.2", TRIES + 1)
            assert first == [401] * TRIES + [429], "its lies about who it is do not count"
            assert await log_ins(proxy, tls / "ca.pem", "127.0.0.3", 1) == [401], "nobody else is shut out"

            trusting = ssl.create_default_context(cafile=tls / "ca.pem")
            async with ClientSession(connector=TCPConnector(ssl=trusting)) as client:
                named = {"Host": f"{SIP}:{proxy.tls_port}"}
                for path in ("/metrics", "/health"):
                    async with client.get(f"https://127.0.0.1:{proxy.tls_port}{path}", headers=named) as got:
                        assert got.status == {"/metrics": 404, "/health": 200}[path]
                plainly = f"http://127.0.0.1:{proxy.plain_port}/app/"
                async with client.get(plainly, headers={"Host": PAGES}, allow_redirects=False) as got:
                    assert (got.status, got.headers["Location"]) == (301, f"https://{PAGES}/app/")

"""A relay with a web server, played by a real one: asked once, with its log-in, and only where it may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from pbx.doors.drivers import http
from pbx.doors.drivers.http import HttpDriver, RelayHost
from pbx.doors.opener import OpenOrder
from tests.support.doors import door, open_order
from tests.support.ports import free_port


@dataclass
class Relay:
    """A relay's web server."""

    port: int
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    login: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        shown = request.headers.get("Authorization", "")
        self.asked.append((request.method, request.path_qs, await request.text(), shown.split(" ")[0]))
        if request.path == "/slow":
            await asyncio.sleep(30)
        if request.path == "/away":
            raise web.HTTPFound("http://192.0.2.1/")
        if self.login and not shown.startswith(self.login):
            challenge = {"WWW-Authenticate": 'Digest realm="relay", nonce="n1", qop="auth", algorithm=MD5'}
            return web.Response(status=401, headers=challenge)
        return web.Response(text="ok")

    def order(self, path: str, payload: str = "", host: str = "127.0.0.1") -> OpenOrder:
        gate = replace(door(driver="http"), address=f"http://{host}:{self.port}{path}", payload=payload)
        return open_order(door=gate)


@asynccontextmanager
async def relay(login: str = "") -> AsyncIterator[Relay]:
    made = Relay(free_port(), login=login)
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", made.port).start()
    try:
        yield made
    finally:
        await runner.cleanup()


async def opened(order: OpenOrder, *hosts: RelayHost) -> tuple[bool, str]:
    told = asyncio.get_running_loop().create_future()
    driver = HttpDriver(hosts)
    driver.open(order, lambda done, detail, at: told.set_result((done, detail)), 0.0)
    result: tuple[bool, str] = await asyncio.wait_for(told, 20)
    await driver.close()
    return result


async def test_a_get_with_the_open_time() -> None:
    async with relay() as one:
        order = one.order("/relay/0?turn=on&timer={seconds}&ms={ms}")
        assert await opened(order, RelayHost("127.0.0.1", one.port)) == (True, "opened")
        assert one.asked == [("GET", "/relay/0?turn=on&timer=5&ms=5000", "", "")]


async def test_a_post_when_there_is_something_to_post() -> None:
    async with relay() as one:
        order = one.order("/rpc", '{"id":0,"on":true,"toggle_after":{seconds}}')
        assert await opened(order, RelayHost("127.0.0.1", one.port)) == (True, "opened")
        assert one.asked == [("POST", "/rpc", '{"id":0,"on":true,"toggle_after":5}', "")]


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        (RelayHost("127.0.0.1", login="basic", user="u", secret="s"), ["Basic"]),
        (RelayHost("127.0.0.1", login="bearer", secret="s"), ["Bearer"]),
        (RelayHost("127.0.0.1", login="digest", user="u", secret="s"), ["", "Digest"]),
    ],
)
async def test_the_log_in_of_its_host(host: RelayHost, shown: list[str]) -> None:
    async with relay(shown[-1]) as one:
        assert await opened(one.order("/"), replace(host, port=one.port)) == (True, "opened")
        assert [asked[3] for asked in one.asked] == shown


async def test_nobody_is_asked_who_is_not_on_the_list() -> None:
    async with relay() as one:
        allowed = RelayHost("relay.example", one.port)
        for order in (
            one.order("/"),
            one.order("/", host="127.0.0.1.relay.example"),
            one.order("/", host="relay.example@127.0.0.1"),
            one.order("/", host="[::1]"),
        ):
            assert await opened(order, allowed, RelayHost("127.0.0.1", 1)) == (False, "host_not_allowed")
        assert one.asked == []


async def test_a_redirect_leads_nowhere_and_a_refusal_is_one() -> None:
    async with relay() as one:
        assert await opened(one.order("/away"), RelayHost("127.0.0.1", one.port)) == (False, "status_302")
        one.login = "Never"
        assert await opened(one.order("/"), RelayHost("127.0.0.1", one.port)) == (False, "status_401")


async def test_a_relay_that_is_slow_or_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "SECONDS", 0.2)
    async with relay() as one:
        assert await opened(one.order("/slow"), RelayHost("127.0.0.1", one.port)) == (False, "timeout")
    assert await opened(one.order("/"), RelayHost("127.0.0.1", one.port)) == (False, "unreachable")


async def test_a_hold_is_not_for_it() -> None:
    async with relay() as one:
        hold = replace(one.order("/"), action="hold")
        assert await opened(hold, RelayHost("127.0.0.1", one.port)) == (False, "no_hold")

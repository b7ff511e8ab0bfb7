"""Only a proxy on this machine is believed, and only its own word."""

from __future__ import annotations

import asyncio
from functools import partial
from unittest.mock import Mock

import pytest
from aiohttp import ClientSession, WSServerHandshakeError, web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from pbx.sip.events import RequestReceived
from pbx.transport.limits import Limits
from pbx.web.proxy import told_by_proxy
from tests.pbx.web.test_sip_socket import OPTIONS
from tests.support.web import ORIGIN, web_house


def _told(peer: str, *forwarded: str, scheme: str | None = None) -> tuple[str | None, str]:
    headers = CIMultiDict([("X-Forwarded-For", each) for each in forwarded])
    if scheme is not None:
        headers["X-Forwarded-Proto"] = scheme
    transport = Mock()
    transport.get_extra_info.side_effect = lambda name, default=None: (
        (peer, 50000) if name == "peername" else default
    )
    request = told_by_proxy(make_mocked_request("GET", "/", headers=headers, transport=transport))
    return request.remote, request.scheme


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_says_who_asks(peer: str) -> None:
    assert _told(peer, "192.0.2.7") == ("192.0.2.7", "https")
    assert _told(peer, "2001:db8::7", scheme="http") == ("2001:db8::7", "http")


def test_only_its_last_word_counts_for_the_rest_the_client_wrote() -> None:
    assert _told("127.0.0.1", "203.0.113.1, 192.0.2.7")[0] == "192.0.2.7"
    assert _told("127.0.0.1", "203.0.113.1", "192.0.2.7")[0] == "192.0.2.7"


@pytest.mark.parametrize("forwarded", ["", "unknown", "192.0.2.7:5060", "<script>", "192.0.2.7,"])
def test_what_is_no_address_is_no_word(forwarded: str) -> None:
    assert _told("127.0.0.1", forwarded) == ("127.0.0.1", "http")


def test_anybody_else_speaks_for_oneself() -> None:
    assert _told("192.0.2.99", "192.0.2.7") == ("192.0.2.99", "http")


async def test_sockets_behind_a_proxy_are_counted_by_client_not_by_proxy() -> None:
    async with web_house(limits=Limits(connections_per_source=1), behind_proxy=True) as house:
        async with ClientSession() as session:
            connect = partial(session.ws_connect, f"{house.url}/ws", protocols=["sip"], origin=ORIGIN)
            one, other = {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
            async with connect(headers=one) as first, connect(headers=other):
                with pytest.raises(WSServerHandshakeError) as refused:
                    await connect(headers=one)
                assert refused.value.status == 503
                await first.send_str(OPTIONS)
                async with asyncio.timeout(20):
                    while not house.events:
                        await asyncio.sleep(0.01)
                (event,) = house.events
                assert isinstance(event, RequestReceived)
                assert (event.flow.transport, event.flow.remote[0]) == ("wss", "192.0.2.7")


async def test_a_body_arrives_by_the_proxy_whole() -> None:
    async def take(request: web.Request) -> web.Response:
        return web.json_response([request.remote, request.secure, (await request.read()).decode()])

    house = web_house(routes=[web.post("/x", take)], behind_proxy=True)
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    async with house as one, ClientSession() as client:
        async with client.post(f"{one.url}/x", data=b"whole", headers=headers) as answer:
            assert await answer.json() == ["203.0.113.7", True, "whole"]
        async with client.post(f"{one.url}/x", data=bytes(70_000), headers=headers) as answer:
            assert answer.status == 413

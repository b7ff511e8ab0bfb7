from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError

from pbx.sip.events import RequestReceived
from pbx.transport.limits import Limits
from tests.support.web import ORIGIN, web_house

OPTIONS = (
    "OPTIONS sip:office.example SIP/2.0\r\n"
    "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:kari@office.example>;tag=1\r\n"
    "To: <sip:office.example>\r\n"
    "Call-ID: abc\r\n"
    "CSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
)


async def test_a_browsers_socket_speaks_sip() -> None:
    async with web_house() as house, ClientSession() as client:
        async with client.ws_connect(f"{house.url}/ws", protocols=["sip"], origin=ORIGIN) as socket:
            assert socket.protocol == "sip"
            await socket.send_str(OPTIONS)
            async with asyncio.timeout(20):
                while not house.events:
                    await asyncio.sleep(0.01)
            (event,) = house.events
            assert isinstance(event, RequestReceived)
            assert event.flow.transport == "ws"
            assert event.flow.remote[0] == "127.0.0.1"
            house.driver.engine.respond_status(event.transaction, 200, house.driver.clock())
            house.driver.drain()
            answer = await socket.receive(5)
            assert answer.type is WSMsgType.TEXT
            assert answer.data.startswith("SIP/2.0 200 ")
            assert house.side.stats()["websockets"] == 1
        assert house.gate.stats()["connections"] == 0


@pytest.mark.parametrize(
    ("origin", "native", "protocols", "status"),
    [
        ("https://evil.example", False, ["sip"], 403),
        ("null", True, ["sip"], 403),
        (None, False, ["sip"], 403),
        (ORIGIN, False, [], 400),
        (ORIGIN, False, ["chat"], 400),
    ],
)
async def test_who_may_not_connect(
    origin: str | None, native: bool, protocols: list[str], status: int
) -> None:
    async with web_house(native=native) as house, ClientSession() as client:
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect(f"{house.url}/ws", protocols=protocols, origin=origin)
        assert refused.value.status == status
        assert house.gate.stats()["connections"] == 0


async def test_two_origins_are_none() -> None:
    async with web_house() as house, ClientSession() as client:
        headers = [("Origin", ORIGIN), ("Origin", "https://evil.example")]
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect(f"{house.url}/ws", protocols=["sip"], headers=headers)
        assert refused.value.status == 403


async def test_clients_that_are_no_browsers_may_be_let_in() -> None:
    async with web_house(native=True) as house, ClientSession() as client:
        async with client.ws_connect(f"{house.url}/ws", protocols=["sip"]):
            pass


async def test_a_plain_request_is_no_websocket() -> None:
    async with web_house() as house, ClientSession() as client:
        headers = {"Origin": ORIGIN, "Sec-WebSocket-Protocol": "sip"}
        async with client.get(f"{house.url}/ws", headers=headers) as answer:
            assert answer.status == 400
        assert house.gate.stats()["connections"] == 0


async def test_too_many_are_told_to_come_later() -> None:
    async with web_house(limits=Limits(connections_per_source=1)) as house, ClientSession() as client:
        async with client.ws_connect(f"{house.url}/ws", protocols=["sip"], origin=ORIGIN):
            with pytest.raises(WSServerHandshakeError) as refused:
                await client.ws_connect(f"{house.url}/ws", protocols=["sip"], origin=ORIGIN)
            assert refused.value.status == 503


async def test_a_message_that_is_too_large_ends_it() -> None:
    async with web_house() as house, ClientSession() as client:
        async with client.ws_connect(f"{house.url}/ws", protocols=["sip"], origin=ORIGIN) as socket:
            await socket.send_str("x" * 70_000)
            answer = await socket.receive(5)
            assert answer.type is WSMsgType.CLOSE
            assert answer.data == 1009


async def test_closing_the_server_closes_the_sockets() -> None:
    async with web_house() as house, ClientSession() as client:
        async with client.ws_connect(f"{house.url}/ws", protocols=["sip"], origin=ORIGIN) as socket:
            closing = asyncio.get_running_loop().create_task(house.side.close())
            answer = await socket.receive(5)
            assert (answer.type, answer.data) == (WSMsgType.CLOSE, 1001)
            await closing
        assert house.gate.stats()["connections"] == 0

"""Outgoing flows to our own listeners, over every transport; and the pump, which both sides of a WebSocket
use."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing
from typing import Any

import pytest
from aiohttp import web

from pbx.certificates import ServerCertificate, load_or_make
from pbx.sip.flow import Flow
from pbx.transport import tcp, tls, udp
from pbx.transport.connect import _sockets, connect
from pbx.transport.websocket import (
    HEARTBEAT_SECONDS,
    LARGEST_MESSAGE,
    SUBPROTOCOL,
    WebSocketChannel,
    accept_websocket,
)
from pbx.transport.websocket_pump import WebSocketPump
from tests.support.ports import free_port

from .stack import Bench, bench, options

LOCAL = "127.0.0.1"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> ServerCertificate:
    return load_or_make(tmp_path_factory.mktemp("tls"), ["localhost", LOCAL])


@asynccontextmanager
async def web_server(
    b: Bench, context: ssl.SSLContext | None = None, protocols: tuple[str, ...] = (SUBPROTOCOL,), **more: Any
) -> AsyncIterator[tuple[int, list[WebSocketPump]]]:
    """What pbx/web does: upgrade, make a channel, pump."""
    pumps: list[WebSocketPump] = []

    async def upgrade(request: web.Request) -> web.WebSocketResponse:
        answer = web.WebSocketResponse(
            protocols=protocols, max_msg_size=LARGEST_MESSAGE, heartbeat=HEARTBEAT_SECONDS
        )
        await answer.prepare(request)
        assert request.transport is not None
        remote = request.transport.get_extra_info("peername")[:2]
        assert b.gate.enter(remote[0])
        pump = WebSocketPump(answer, more.get("limit", 100_000))
        channel = accept_websocket(
            b.driver, pump.send, pump.end, (LOCAL, 0), remote, secure=context is not None, gate=b.gate
        )
        pumps.append(pump)
        await pump.run(channel)
        return answer

    app = web.Application()
    app.router.add_get("/ws", upgrade)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, LOCAL, 0, ssl_context=context)
    await site.start()
    try:
        yield runner.addresses[0][1], pumps
    finally:
        await runner.cleanup()


async def converse(server: Bench, client: Bench, flow: Flow) -> None:
    """A request of the client, and its answer."""
    flow.channel.send(flow, options(f"z9hG4bK{flow.transport}"))  # type: ignore[attr-defined]
    await client.stack.until(lambda: client.stack.received)
    message, heard_by, _ = client.stack.received[0]
    assert message.status == 200  # type: ignore[union-attr]
    assert heard_by is flow
    assert len(server.stack.received) == 1


async def finish(client: Bench, flow: Flow) -> None:
    """Close from our side; the end is told."""
    flow.channel.close(flow)  # type: ignore[attr-defined]
    await client.stack.until(lambda: client.stack.lost)
    assert client.lost == [flow]


async def test_udp() -> None:
    with bench() as server, bench() as client:
        with closing(await udp.listen(server.driver, LOCAL, 0, server.gate)) as listener:
            flow = await connect(client.driver, "udp", "localhost", listener.address[1], gate=client.gate)
            await converse(server, client, flow)
            assert flow.local[0] == LOCAL
            flow.channel.close(flow)  # type: ignore[attr-defined]
            flow.channel.send(flow, b"late")  # type: ignore[attr-defined]


@pytest.mark.uvloop
async def test_tcp() -> None:
    with bench() as server, bench() as client:
        async with aclosing(await tcp.listen(server.driver, LOCAL, 0, server.gate)) as listener:
            flow = await connect(client.driver, "tcp", *listener.address)
            await converse(server, client, flow)
            await finish(client, flow)


async def test_tls(files: ServerCertificate) -> None:
    context = tls.server_context(files.certificate, files.key)
    trusting = tls.client_context(ca=files.authority)
    with bench() as server, bench() as client:
        async with aclosing(await tls.listen(server.driver, LOCAL, 0, server.gate, context)) as listener:
            flow = await connect(client.driver, "tls", *listener.address, context=trusting)
            await converse(server, client, flow)
            await finish(client, flow)
            with pytest.raises(OSError):
                await connect(
                    client.driver, "tls", *listener.address, context=trusting, server_name="else.example"
                )
            with pytest.raises(OSError):
                await connect(client.driver, "tls", *listener.address)


@pytest.mark.parametrize("secure", [False, True])
async def test_websocket(files: ServerCertificate, secure: bool) -> None:
    context = tls.server_context(files.certificate, files.key) if secure else None
    trusting = tls.client_context(ca=files.authority) if secure else None
    with bench() as server, bench() as client:
        async with web_server(server, context) as (port, _):
            kind = "wss" if secure else "ws"
            flow = await connect(client.driver, kind, LOCAL, port, context=trusting)  # type: ignore[arg-type]
            assert flow.transport == kind
            await converse(server, client, flow)
            await finish(client, flow)
            await server.stack.until(lambda: server.stack.lost)
            await server.when(lambda: server.gate.connections == 0 and not len(_sockets))


async def test_a_server_that_ends_it() -> None:
    with bench() as server, bench() as client:
        async with web_server(server) as (port, pumps):
            flow = await connect(client.driver, "ws", LOCAL, port)
            await server.when(lambda: pumps)
            pumps[0].end(1001, "bye")
            await client.stack.until(lambda: client.stack.lost)
            assert not flow.alive
            await client.when(lambda: not len(_sockets))


async def test_a_client_that_does_not_read_is_cut_off() -> None:
    with bench() as server:
        async with web_server(server, limit=300_000) as (port, pumps):
            reader, writer = await asyncio.open_connection(LOCAL, port, limit=1000)
            writer.write(
                b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                b"Sec-WebSocket-Protocol: sip\r\n\r\n"
            )
            await reader.readuntil(b"\r\n\r\n")
            await server.when(lambda: pumps)
            for _ in range(400):
                pumps[0].send("x" * 50_000)
                await asyncio.sleep(0)
                if pumps[0].overflowed:
                    break
            assert pumps[0].overflowed
            pumps[0].send("late")
            await server.stack.until(lambda: server.stack.lost)
            writer.transport.abort()


async def test_a_binary_message_goes_out_as_such() -> None:
    with bench() as server, bench() as client:
        async with web_server(server) as (port, _):
            flow = await connect(client.driver, "ws", LOCAL, port)
            channel = flow.channel
            assert isinstance(channel, WebSocketChannel)
            channel.send(flow, options() + b"\xff")
            await server.stack.until(lambda: server.stack.received)
            await finish(client, flow)
            await client.when(lambda: not len(_sockets))


async def test_a_server_without_sip_is_refused() -> None:
    with bench() as server, bench() as client:
        async with web_server(server, protocols=()) as (port, _):
            with pytest.raises(ConnectionRefusedError):
                await connect(client.driver, "ws", LOCAL, port)


@pytest.mark.parametrize("kind", ["tcp", "tls", "ws"])
async def test_nobody_there(kind: Any) -> None:
    with bench() as client:
        with pytest.raises(OSError):
            await connect(client.driver, kind, LOCAL, free_port())


@pytest.mark.parametrize("kind", ["tls", "ws"])
async def test_nobody_answers_in_time(kind: Any) -> None:
    with bench() as b, socket.create_server((LOCAL, 0)) as silent:
        with pytest.raises(TimeoutError):
            await connect(b.driver, kind, *silent.getsockname(), seconds=0.05)

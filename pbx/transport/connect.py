"""Opens flows towards somebody else's server: for the agent at a door, for trunks (RFC 3261 section
18.1.1)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from weakref import WeakKeyDictionary

import aiohttp

from pbx.sip.flow import Flow, Transport
from pbx.tasks import Tasks

from . import udp
from .driver import Driver
from .gate import Gate
from .stream import StreamChannel, StreamCounters
from .tls import client_context
from .websocket import HEARTBEAT_SECONDS, LARGEST_MESSAGE, SUBPROTOCOL, WebSocketChannel
from .websocket_pump import WebSocketPump

_sockets = Tasks("connect")
_gates: WeakKeyDictionary[Driver, Gate] = WeakKeyDictionary()


async def connect(
    driver: Driver,
    transport: Transport,
    host: str,
    port: int,
    *,
    gate: Gate | None = None,
    context: ssl.SSLContext | None = None,
    server_name: str | None = None,
    path: str = "/ws",
    origin: str | None = None,
    seconds: float = 10.0,
) -> Flow:
    """A flow to `host`; `flow.channel.close(flow)` ends it, and its end comes as the driver's `on_flow_lost`.

    Args:
        gate: bounds on what peers may send; one for all connections of the driver if not given.
        context: for "tls" and "wss"; `tls.client_context()` if not given.
        server_name: the name the certificate must bear, where it is not `host`.
        path, origin: of a WebSocket.
        seconds: how long to try.

    Raises:
        OSError: nobody answers there, refuses, or proves to be somebody else; `TimeoutError` is one.
    """
    if gate is None:
        gate = _gates.setdefault(driver, Gate())
    driver.attach(gate)
    if transport in ("tls", "wss") and context is None:
        context = client_context()
    async with asyncio.timeout(seconds):
        if transport == "udp":
            return await _udp(driver, host, port, gate)
        if transport in ("ws", "wss"):
            secure = context if transport == "wss" else None
            return await _websocket(driver, host, port, gate, secure, server_name, path, origin)
        return await _stream(driver, host, port, gate, context if transport == "tls" else None, server_name)


async def _udp(driver: Driver, host: str, port: int, gate: Gate) -> Flow:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, _, _, _, address = found[0]
    wildcard = "::" if family == socket.AF_INET6 else "0.0.0.0"
    listener = await udp.listen(driver, wildcard, 0, gate, single=True)
    return listener.flow_to(str(address[0]), int(address[1]))


async def _stream(
    driver: Driver, host: str, port: int, gate: Gate, context: ssl.SSLContext | None, server_name: str | None
) -> Flow:
    channel = StreamChannel(driver, gate, "tls" if context else "tcp", StreamCounters())
    await asyncio.get_running_loop().create_connection(
        lambda: channel,
        host,
        port,
        ssl=context,
        server_hostname=(server_name or host) if context else None,
    )
    if channel.flow is None or not channel.flow.alive:
        raise ConnectionResetError(f"{host}:{port} closed the connection at once")
    return channel.flow


async def _websocket(
    driver: Driver,
    host: str,
    port: int,
    gate: Gate,
    context: ssl.SSLContext | None,
    server_name: str | None,
    path: str,
    origin: str | None,
) -> Flow:
    shown = f"[{host}]" if ":" in host else host
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        try:
            client = await session.ws_connect(
                f"{'wss' if context else 'ws'}://{shown}:{port}{path}",
                protocols=(SUBPROTOCOL,),
                origin=origin,
                ssl=context if context is not None else True,
                server_hostname=server_name,
                max_msg_size=LARGEST_MESSAGE,
                heartbeat=HEARTBEAT_SECONDS,
            )
        except aiohttp.ClientError as error:
            raise ConnectionError(f"{host}:{port}: {error}") from error
        stack.push_async_callback(client.close)
        if client.protocol != SUBPROTOCOL:
            raise ConnectionRefusedError(f"{host}:{port} speaks no SIP over WebSocket")
        local, remote = client.get_extra_info("sockname"), client.get_extra_info("peername")
        pump = WebSocketPump(client, gate.limits.write_buffer)
        flow = Flow("wss" if context else "ws", local[:2], remote[:2])
        flow.channel = channel = WebSocketChannel(driver, pump.send, pump.end, flow, gate, None)
        _sockets.spawn(_live(pump, channel, stack.pop_all()), name=f"websocket to {host}")
        return flow


async def _live(pump: WebSocketPump, channel: WebSocketChannel, stack: contextlib.AsyncExitStack) -> None:
    async with stack:
        await pump.run(channel)

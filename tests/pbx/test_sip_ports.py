"""Which ports let SIP in, which flows they know, and that they close."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from pbx.certificates import load_or_make
from pbx.settings import Sip
from pbx.sip.engine import Engine
from pbx.sip_ports import SipPorts
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.tls import server_context
from tests.support.ports import free_port

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Bench:
    driver: Driver
    gate: Gate


@contextmanager
def bench() -> Iterator[Bench]:
    """An engine that nobody speaks to, and its driver."""
    serial = count()
    driver = Driver(Engine(token=lambda: f"t{next(serial)}"), time.monotonic, lambda event, now: None)
    try:
        yield Bench(driver, Gate())
    finally:
        driver.close()


async def answers(port: int) -> bool:
    """Whether somebody takes a TCP connection there."""
    try:
        _, writer = await asyncio.open_connection(HERE, port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def test_what_the_settings_name_is_open_until_the_stack_closes(tmp_path: Path) -> None:
    files = load_or_make(tmp_path, [HERE])
    udp, tcp, tls = free_port(), free_port(), free_port()
    sip = Sip(
        udp_host=HERE, udp_port=udp, tcp_host=HERE, tcp_port=tcp, tls_host=HERE, tls_port=tls
    )
    ports, peer = SipPorts(), (HERE, 5999)
    with bench() as b:
        async with AsyncExitStack() as stack:
            await ports.open(sip, b.driver, b.gate, server_context(files.certificate, files.key), stack)
            assert await answers(tcp) and await answers(tls)
            flow = ports.flow_of((HERE, udp), peer)
            assert flow is not None and (flow.transport, flow.remote) == ("udp", peer)
            assert ports.flow_of((HERE, udp + 1), peer) is None, "no socket of ours has that port"
            assert ports.unread(0.0) == 0.0
        assert not await answers(tcp) and not await answers(tls)


async def test_a_transport_without_a_host_is_off(tmp_path: Path) -> None:
    files, tcp = load_or_make(tmp_path, [HERE]), free_port()
    sip = Sip(udp_host="", tcp_host=HERE, tcp_port=tcp, tls_host="")
    ports = SipPorts()
    with bench() as b:
        async with AsyncExitStack() as stack:
            await ports.open(sip, b.driver, b.gate, server_context(files.certificate, files.key), stack)
            assert await answers(tcp)
            assert ports.flow_of((HERE, 5060), (HERE, 5999)) is None and ports.unread(1.0) == 0.0


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    files, tcp = load_or_make(tmp_path, [HERE]), free_port()
    taken = await asyncio.start_server(lambda reader, writer: writer.close(), HERE, tcp)
    async with taken:
        with bench() as b:
            async with AsyncExitStack() as stack:
                with pytest.raises(OSError, match=f"TCP at {HERE}, port {tcp}: Address already in use"):
                    await SipPorts().open(
                        Sip(udp_host="", tcp_host=HERE, tcp_port=tcp, tls_host=""),
                        b.driver,
                        b.gate,
                        server_context(files.certificate, files.key),
                        stack,
                    )

"""The TCP listener: counted before anything, alive when descriptors run out, gone without a trace."""

from __future__ import annotations

import resource
import socket
from contextlib import aclosing

import pytest

from pbx.transport import tcp
from pbx.transport.limits import Limits

from .stack import SECONDS, bench, dialling, options

LOCAL = "127.0.0.1"


async def test_connections_beyond_the_bounds_are_closed_at_once() -> None:
    with bench(Limits(connections=3, connections_per_source=2)) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as one, dialling(listener.address):
                async with dialling(listener.address) as third:
                    assert await third.end() == b""
                async with dialling(listener.address, local_addr=("127.0.0.2", 0)) as other:
                    other.say(options())
                    await other.hear()
                    async with dialling(listener.address, local_addr=("127.0.0.3", 0)) as fourth:
                        assert await fourth.end() == b""
                one.say(options())
                await one.hear()
            assert b.gate.connections_refused == 2
            await b.when(lambda: b.gate.connections == 0)


@pytest.mark.uvloop
async def test_closing_ends_every_connection() -> None:
    with bench() as b:
        listener = await tcp.listen(b.driver, LOCAL, 0, b.gate)
        async with dialling(listener.address) as one, dialling(listener.address) as two:
            for peer in (one, two):
                peer.say(options())
                await peer.hear()
            await listener.aclose()
            assert await one.end() == b""
            assert await two.end() == b""
            assert len(b.stack.lost) == 2
            assert b.gate.connections == 0
            assert "tcp_accepted" not in b.driver.stats()
            await listener.aclose()


async def test_it_rests_when_descriptors_run_out_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "_REST_SECONDS", 0.02)
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            with socket.socket() as caller:
                caller.settimeout(SECONDS)
                soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
                with socket.socket() as lowest:
                    free = lowest.fileno()
                resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
                try:
                    caller.connect(listener.address)
                    await b.when(lambda: listener.exhausted >= 2)
                finally:
                    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            async with dialling(listener.address) as peer:
                peer.say(options())
                await peer.hear()


async def test_half_open_peers_are_looked_for() -> None:
    with socket.socket() as sock:
        tcp.keep_alive(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000


async def test_a_taken_port_is_an_error_and_leaves_nothing_open() -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            with pytest.raises(OSError):
                await tcp.listen(b.driver, *listener.address, b.gate)


async def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, "::1", 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(options())
                await peer.hear()
            assert b.stack.received[0][1].remote[0] == "::1"

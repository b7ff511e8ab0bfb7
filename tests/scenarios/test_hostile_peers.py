"""A live server under bad input: the torture messages on every transport, rubbish, and strangers' RTP."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, House, house
from tests.support.system import ROOT, System

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

TORTURE = sorted((ROOT / "tests/data/sip/torture").glob("*.dat"))
OPTIONS = (
    "OPTIONS sip:{site} SIP/2.0\r\nVia: SIP/2.0/{transport} 127.0.0.1:9;branch=z9hG4bKalive{n};rport\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:probe@{site}>;tag=1\r\nTo: <sip:{site}>\r\nCall-ID: alive{n}\r\n"
    "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
)


def ask(transport: str, n: int) -> bytes:
    return OPTIONS.format(site=SITE, transport=transport.upper(), n=n).encode()


async def alive_udp(doorline: System, n: int) -> None:
    """The server answers an OPTIONS over UDP."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        probe.connect(("127.0.0.1", doorline.udp))
        async with asyncio.timeout(20):
            await loop.sock_sendall(probe, ask("udp", n))
            assert b" 200 " in await loop.sock_recv(probe, 4096)


async def over_stream(port: int, data: bytes, context: ssl.SSLContext | None) -> None:
    """Send something over a connection of its own; whatever comes back, or nothing, is fine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        writer.write(data)
        async with asyncio.timeout(0.2):
            await reader.read(65536)
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.transport.abort()


async def test_torture_messages_on_every_transport_leave_it_answering(tmp_path: Path) -> None:
    async with house(tmp_path, SIP__TRUSTED_SOURCES='["127.0.0.0/8"]') as home:
        doorline = home.doorline
        context = ssl.create_default_context(cafile=tmp_path / "tls" / "ca.pem")
        assert len(TORTURE) == 49
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for n, file in enumerate(TORTURE):
                data = file.read_bytes()
                stranger.sendto(data, ("127.0.0.1", doorline.udp))
                await over_stream(doorline.tcp, data, None)
                await over_stream(doorline.tls, data, context)
                await alive_udp(doorline, n)
        await still_rings(home)


async def test_rubbish_of_every_size_leaves_it_answering(tmp_path: Path) -> None:
    rubbish = [
        b"",
        b"\x00" * 65000,
        b"\xff" * 1200,
        b"INVITE " + b"x" * 60000,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n" * 3000,
        b"INVITE sip:1@story.example SIP/2.0\r\n" + b"Via: SIP/2.0/UDP h\r\n" * 2000 + b"\r\n",
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"\x16\x03\x01\x00\xa5",
    ]
    async with house(tmp_path, SIP__TRUSTED_SOURCES='["127.0.0.0/8"]') as home:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for n, data in enumerate(rubbish):
                stranger.sendto(data, ("127.0.0.1", home.doorline.udp))
                for port in (home.doorline.tcp, home.doorline.tls, home.doorline.ami, home.doorline.http):
                    await over_stream(port, data, None)
                await alive_udp(home.doorline, n)
        await still_rings(home)


async def still_rings(home: House) -> None:
    """After everything, a visitor's call works."""
    await home.move_in("kari-phone")
    gate = home.tap("kari")
    await home["kari-phone"].expect("incoming")
    home["kari-phone"].do("answer")
    await gate.confirmed()
    assert await gate.hears(700)


async def test_strangers_rtp_is_neither_heard_nor_a_key(tmp_path: Path) -> None:
    """Packets with a 5 to every media port of the call, from an address that is not the phone's."""
    async with house(tmp_path, "kari-phone") as home:
        agent = await home.doorline.start_agent(SITE, "controller", ["front"])
        gate = home.tap("kari")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await gate.confirmed()
        assert await home["kari-phone"].hears(440)
        first = int(home.doorline.environment["DOORLINE_MEDIA__PORT_FIRST"])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.66", 0))
            for sequence in range(3):
                for port in range(first, first + 400, 2):
                    for payload_type in (96, 101, 120):
                        head = bytes((0x80, 0x80 | payload_type)) + sequence.to_bytes(2, "big") + bytes(8)
                        stranger.sendto(head + bytes((5, 10, 0, 160)), ("127.0.0.1", port))
        home["kari-phone"].do("dtmf", digits="7")  # a key of hers arrives after all of that
        assert await gate.hears(700)
        assert not agent.said("edge relay=front on=1")


async def test_a_phone_that_vanishes_in_a_talk_ends_the_call(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", MEDIA__SILENCE_SECONDS="5") as home:
        gate = home.tap("kari")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await gate.confirmed()
        assert await gate.hears(700)
        home["kari-phone"].process.kill()
        await gate.disconnected(seconds=30)

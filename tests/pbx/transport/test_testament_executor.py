"""The companion process alone: what it makes of a table, when it acts, and that it always ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest

from pbx.sip.message import Request, parse
from pbx.transport import testament_executor as executor
from tests.support.lone import Lone


def invite() -> bytes:
    """An INVITE as the engine sends it."""
    return Lone().invite()[1].to_bytes()


def entry(wire: bytes, host: str = "127.0.0.1", port: int = 5060) -> bytes:
    return executor.record(host, port, wire.partition(b"\r\n\r\n")[0])


def table(*records: bytes) -> bytes:
    """A table with these records, each second place empty."""
    places = [executor.LENGTH.pack(len(one)) + one.ljust(executor.ROOM - 2, b"\0") for one in records]
    return bytes(executor.ROOM).join(places)


def test_a_cancel_is_the_engines_own_but_for_its_reason() -> None:
    lone = Lone()
    session, request = lone.invite(route=["<sip:edge1.example;lr>", "<sip:edge2.example;lr>"])
    lone.answer(request, 180)
    where, data = executor.cancel(entry(request.to_bytes(), "::1", 5099))
    session.cancel(lone.now, executor.REASON.partition(": ")[2])
    (expected,) = lone.sent()
    ours = parse(data)
    assert isinstance(ours, Request) and isinstance(expected, Request)
    assert where == ("::1", 5099)
    assert (ours.uri, sorted(ours.headers)) == (expected.uri, sorted(expected.headers))


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    wire = b"INVITE sip:a@b SIP/2.0\r\nVia: x\r\nVia: y\r\nTo: \xff\xfe\r\nCSeq: 7 INVITE"
    _, data = executor.cancel(executor.record("127.0.0.1", 5060, wire))
    assert b"\r\nTo: \xff\xfe\r\nCSeq: 7 CANCEL\r\n" in data
    assert data.startswith(b"CANCEL sip:a@b SIP/2.0\r\nVia: x\r\nTo:")


def test_only_full_places_are_read() -> None:
    assert list(executor.left(table(b"one", b"three"))) == [b"one", b"three"]
    assert list(executor.left(bytes(executor.ROOM * 3))) == []


def test_a_record_that_broke_off_spoils_no_other() -> None:
    whole = entry(invite())
    start = whole[:40]
    broken = [b"\0" * 40, whole[:10], b"\0" * 20 + whole[20:], start, start + b"\r\nCSeq:"]
    assert [data for _, data in executor.cancels(table(*broken, whole))] == [executor.cancel(whole)[1]]


@dataclass
class Companion:
    """A running executor, with the ends that a PBX would hold."""

    process: asyncio.subprocess.Process
    table: int
    life: int
    phone: socket.socket
    sip: socket.socket

    def die(self) -> None:
        """The PBX is gone."""
        os.close(self.life)
        self.life = -1
        self.sip.close()

    async def heard(self, seconds: float = 3.0) -> tuple[bytes, tuple[str, int]]:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(seconds):
            return await loop.sock_recvfrom(self.phone, 4096)


@asynccontextmanager
async def companion(*records: bytes) -> AsyncIterator[Companion]:
    descriptor = os.memfd_create("test")
    os.ftruncate(descriptor, executor.ROOM * executor.PLACES)
    pipe, life = os.pipe()
    phone, sip = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with phone, sip:
        for one in (phone, sip):
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        os.pwrite(descriptor, table(*(entry(one, port=phone.getsockname()[1]) for one in records)), 0)
        inherited = (descriptor, pipe, sip.fileno())
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", executor.__file__, *map(str, inherited), pass_fds=inherited
        )
        running = Companion(process, descriptor, life, phone, sip)
        try:
            yield running
        finally:
            os.close(pipe)
            os.close(descriptor)
            if running.life >= 0:
                os.close(life)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def test_it_cancels_what_is_left_by_the_sockets_address_and_frees_it() -> None:
    async with companion(invite(), invite()) as running:
        ours = running.sip.getsockname()
        running.die()
        begun = time.monotonic()
        for _ in range(2 * len(executor.PAUSES)):
            data, source = await running.heard()
            assert data.startswith(b"CANCEL ")
            assert source == ours
        assert await running.process.wait() == 0
        assert time.monotonic() - begun < 1.5
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind(ours)


async def test_it_says_nothing_while_the_pbx_lives_or_when_nothing_is_left() -> None:
    async with companion(invite()) as running:
        with pytest.raises(TimeoutError):
            await running.heard(0.5)
        os.pwrite(running.table, bytes(2), 0)
        running.die()
        assert await running.process.wait() == 0
        with pytest.raises(BlockingIOError):
            running.phone.recv(1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_to_everybody_does_not_keep_it_from_its_work(number: signal.Signals) -> None:
    async with companion(invite()) as running:
        await asyncio.sleep(0.3)  # until it has begun
        running.process.send_signal(number)
        running.die()
        assert (await running.heard())[0].startswith(b"CANCEL ")
        assert await running.process.wait() == 0

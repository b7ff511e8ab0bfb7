"""What stands in the testament while phones ring, and what becomes of it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pbx.sip.flow import Flow
from pbx.sip.message import Request, parse
from pbx.transport import testament, udp
from pbx.transport import testament_executor as executor
from pbx.transport.udp import UdpListener
from tests.support.lone import Lone

from .stack import bench

LOCAL = "127.0.0.1"


@asynccontextmanager
async def drawn_up() -> AsyncIterator[tuple[testament.Testament, UdpListener]]:
    with bench() as b:
        listener = await udp.listen(b.driver, LOCAL, 0, b.gate)
        will = await testament.draw_up(listener)
        try:
            yield will, listener
        finally:
            listener.close()
            await will.close()


def calling(will: testament.Testament, listener: UdpListener, port: int = 5999) -> Lone:
    """An engine that calls by the listener."""
    lone = Lone()
    lone.flow = listener.flow_to(LOCAL, port)
    lone.engine.watch(will)
    return lone


def written(will: testament.Testament) -> list[bytes]:
    return list(executor.left(will._table[:]))


@pytest.mark.parametrize("loop", ["asyncio", pytest.param("uvloop", marks=pytest.mark.uvloop)])
async def test_an_entry_stands_as_long_as_its_invite_is_unanswered(loop: str) -> None:
    async with drawn_up() as (will, listener):
        lone = calling(will, listener)
        one, other = lone.invite()[1], lone.invite()[1]
        assert [executor.cancel(entry)[0] for entry in written(will)] == [(LOCAL, 5999)] * 2
        assert b"v=0" not in b"".join(written(will))
        lone.answer(one, 180)
        lone.answer(one, 486)
        (left,) = written(will)
        cancel = parse(executor.cancel(left)[1])
        assert isinstance(cancel, Request)
        assert (cancel.branch, cancel.cseq.method) == (other.branch, "CANCEL")
        lone.answer(other, 200)
        assert not will._table[:].strip(b"\0"), "what is settled is wiped out"
        assert will.stats() == {"entries": 0, "unwritten": 0, "executors": 1}


async def test_a_connection_needs_no_entry() -> None:
    async with drawn_up() as (will, listener):
        lone = calling(will, listener)
        lone.flow = Flow("tcp", (LOCAL, 5060), (LOCAL, 5999))
        lone.answer(lone.invite()[1], 200)
        assert will.stats()["entries"] == will.stats()["unwritten"] == 0


async def test_too_many_and_too_long_ones_are_counted_and_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "PLACES", 2)
    async with drawn_up() as (will, listener):
        lone = calling(will, listener)
        lone.invite(headers=[("Subject", "x" * executor.ROOM)])
        invites = [lone.invite()[1] for _ in range(3)]
        assert will.stats() == {"entries": 2, "unwritten": 2, "executors": 1}
        for invite in invites:
            lone.answer(invite, 486)
        lone.invite()
        assert will.stats()["entries"] == 1


async def test_its_orderly_end_cancels_what_is_left_and_ends_the_companion() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind((LOCAL, 0))
        phone.setblocking(False)
        async with drawn_up() as (will, listener):
            lone = calling(will, listener, phone.getsockname()[1])
            lone.invite()
            companion = will._process
        assert companion is not None
        assert companion.returncode == 0
        assert phone.recv(4096).startswith(b"CANCEL ")
        with pytest.raises(ProcessLookupError):
            os.kill(companion.pid, 0)


async def test_a_companion_that_died_is_replaced_and_knows_what_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(testament, "_AGAIN_SECONDS", 0.01)
    async with drawn_up() as (will, listener):
        calling(will, listener).invite()
        assert will._process is not None
        will._process.send_signal(signal.SIGKILL)
        async with asyncio.timeout(20):
            while will.stats()["executors"] < 2:
                await asyncio.sleep(0.01)
        assert len(written(will)) == 1

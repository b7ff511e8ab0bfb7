"""A connection: framing, keep-alives, limits, and its end told to everybody."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from pbx.sip.message import Request
from pbx.transport import tcp
from pbx.transport.limits import Limits
from pbx.transport.stream import StreamChannel

from .stack import bench, dialling, options

LOCAL = "127.0.0.1"
OPTIONS = options(transport="TCP")


@pytest.mark.uvloop
async def test_messages_cut_anywhere_arrive_whole_and_are_answered_by_their_connection() -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                two = options("z9hG4bK1", padding=20) + options("z9hG4bK2")
                for cut in (two[:7], two[7:300], two[300:]):
                    peer.say(cut)
                    await peer.writer.drain()
                for branch in (b"z9hG4bK1", b"z9hG4bK2"):
                    answer = await peer.hear()
                    assert answer.startswith(b"SIP/2.0 200 ")
                    assert branch in answer
                (first, flow, _), (_, other, _) = b.stack.received
                assert isinstance(first, Request)
                assert first.body == b"x" * 20
                assert flow is other
                assert (flow.transport, flow.reliable, flow.local) == ("tcp", True, listener.address)
            await b.stack.until(lambda: b.stack.lost)
            assert b.stack.lost == b.lost == [flow]
            assert not flow.alive
            assert b.gate.connections == 0


async def test_a_ping_is_answered() -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(b"\r\n\r\n")
                assert await peer.hear(b"\r\n") == b"\r\n"
                assert listener.stats()["keep_alives"] == 1
                assert b.stack.received == []


async def test_what_is_wrong_but_whole_is_answered_and_the_connection_goes_on() -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                broken = OPTIONS.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE")
                peer.say(OPTIONS + broken + OPTIONS)
                answers = [(await peer.hear())[:11] for _ in range(3)]
                assert sorted(answers) == [b"SIP/2.0 200", b"SIP/2.0 200", b"SIP/2.0 400"]
                assert len(b.stack.received) == 2


async def test_too_much_of_it_ends_the_connection() -> None:
    with bench(Limits(unreadable=3)) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(OPTIONS.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE") * 5)
                assert (await peer.end()).count(b"SIP/2.0 400") == 3


@pytest.mark.parametrize(
    "trash",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 600 + b"\r\n\r\n",
        b"x" * 20_000,
        OPTIONS.replace(b"Content-Length: 0\r\n", b""),
        OPTIONS.replace(b"Content-Length: 0", b"Content-Length: 99999999"),
        OPTIONS.replace(b"Content-Length: 0", b"Content-Length: -1"),
    ],
)
async def test_lost_boundaries_end_the_connection(trash: bytes) -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(OPTIONS + trash + OPTIONS)
                answered = await peer.end()
                assert answered.count(b"SIP/2.0 200") <= 1
            await b.when(lambda: b.gate.connections == 0)


async def test_a_reader_that_does_not_read_is_cut_off() -> None:
    big = b"SIP/2.0 200 OK\r\n" + b"x" * 100_000
    with bench(Limits(write_buffer=200_000), answer=lambda request: [big] * 200) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address, limit=100) as peer:
                peer.say(OPTIONS)
                await b.stack.until(lambda: b.stack.lost)
                assert listener.stats()["slow_readers"] == 1


async def test_a_connection_that_talks_too_much_is_read_more_slowly_and_loses_nothing() -> None:
    with bench(Limits(messages_per_second=100.0, message_burst=5)) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                start = b.driver.clock()
                for number in range(25):
                    peer.say(options(f"z9hG4bK{number}"))
                    await peer.hear()
                assert len(b.stack.received) == 25
                assert b.driver.clock() - start >= 0.18
                assert listener.stats()["paused"] >= 1


async def test_a_stranger_is_shown_out_in_time() -> None:
    with bench(Limits(unauthenticated_seconds=0.05)) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as member, dialling(listener.address) as stranger:
                member.say(options("z9hG4bKmember"))
                await member.hear()
                b.stack.received[0][1].identity = "somebody"
                assert await stranger.end() == b""
                member.say(options("z9hG4bKstill"))
                await member.hear()
                assert b.gate.connections_timed_out == 1


async def test_a_silent_connection_is_shown_out() -> None:
    with bench(Limits(idle_seconds=0.05, unauthenticated_seconds=0.01)) as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(OPTIONS)
                await peer.hear()
                b.stack.received[0][1].identity = "somebody"
                await b.stack.until(lambda: b.stack.lost)


async def test_close_flushes_what_was_written() -> None:
    with bench() as b:
        async with aclosing(await tcp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            async with dialling(listener.address) as peer:
                peer.say(OPTIONS)
                await peer.hear()
                flow = b.stack.received[0][1]
                channel = flow.channel
                assert isinstance(channel, StreamChannel)
                channel.send(flow, b"last words")
                channel.close(flow)
                channel.close(flow)
                channel.send(flow, b"too late")
                assert await peer.end() == b"last words"
                assert channel.peer_certificate() == {}

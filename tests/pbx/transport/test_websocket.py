"""A WebSocket's flow, fed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pbx.transport.limits import Limits
from pbx.transport.websocket import (
    LARGEST_MESSAGE,
    POLICY,
    PROTOCOL_ERROR,
    TOO_BIG,
    WebSocketChannel,
    accept_websocket,
)

from .stack import Bench, bench, options

OPTIONS = options(transport="WS").replace(b"Content-Length: 0\r\n", b"")


class Client:
    """The far end."""

    def __init__(self) -> None:
        self.heard: list[bytes | str] = []
        self.ended: list[tuple[int, str]] = []


@contextmanager
def socket(b: Bench, *, secure: bool = True) -> Iterator[tuple[WebSocketChannel, Client]]:
    client = Client()
    assert b.gate.enter("192.0.2.9")
    channel = accept_websocket(
        b.driver,
        client.heard.append,
        lambda code, why: client.ended.append((code, why)),
        ("192.0.2.1", 8089),
        ("192.0.2.9", 50000),
        secure=secure,
        gate=b.gate,
    )
    yield channel, client
    channel.closed()
    assert b.gate.connections == 0


async def test_text_and_binary_are_taken_and_text_is_sent() -> None:
    with bench() as b, socket(b) as (channel, client):
        assert channel.received(OPTIONS.decode()) == 0.0
        assert channel.received(OPTIONS) == 0.0
        assert len(b.stack.received) == 2
        assert b.stack.received[0][1] is channel.flow
        assert [type(each) for each in client.heard] == [str, str]
        assert (channel.flow.transport, channel.flow.secure, channel.flow.reliable) == ("wss", True, True)
    with bench() as b, socket(b, secure=False) as (channel, _):
        assert channel.flow.transport == "ws"


async def test_what_is_no_utf_8_is_sent_as_it_is() -> None:
    with bench() as b, socket(b) as (channel, client):
        channel.send(channel.flow, b"SIP/2.0 200 OK\r\n\xff")
        assert client.heard == [b"SIP/2.0 200 OK\r\n\xff"]


async def test_keep_alives() -> None:
    with bench() as b, socket(b) as (channel, client):
        channel.received("\r\n\r\n")
        channel.received(b"\r\n")
        assert client.heard == ["\r\n"]
        assert b.stack.received == []


async def test_too_large_and_unreadable_messages_end_it() -> None:
    with bench() as b, socket(b) as (channel, client):
        channel.received(b"x" * (LARGEST_MESSAGE + 1))
        channel.received(OPTIONS)
        assert [code for code, _ in client.ended] == [TOO_BIG]
        assert b.stack.received == []
    with bench() as b, socket(b) as (channel, client):
        channel.received("hello")
        assert [code for code, _ in client.ended] == [PROTOCOL_ERROR]


async def test_what_can_be_answered_is_answered_until_there_is_too_much_of_it() -> None:
    broken = OPTIONS.replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE")
    with bench(Limits(unreadable=3)) as b, socket(b) as (channel, client):
        for _ in range(5):
            channel.received(broken)
        channel.received(broken.replace(b"OPTIONS sip", b"ACK sip"))
        assert [str(each)[:11] for each in client.heard] == ["SIP/2.0 400"] * 3
        assert len(client.ended) == 1


async def test_limits_are_those_of_every_connection() -> None:
    with bench(Limits(messages_per_second=10.0, message_burst=3, unauthenticated_seconds=0.02)) as b:
        with socket(b) as (channel, client):
            waits = [channel.received(OPTIONS) for _ in range(4)]
            assert waits[:2] == [0.0, 0.0]
            assert waits[3] > waits[2] > 0.0
            await b.when(lambda: client.ended)
            assert client.ended == [(POLICY, "unauthenticated")]


async def test_its_end_is_told_once() -> None:
    with bench() as b, socket(b) as (channel, client):
        channel.close(channel.flow)
        channel.close()
        assert len(client.ended) == 1
        channel.send(channel.flow, b"late")
        channel.closed()
        channel.closed()
        assert b.stack.lost == [channel.flow]
        assert channel.received(OPTIONS) == 0.0
        assert client.heard == []

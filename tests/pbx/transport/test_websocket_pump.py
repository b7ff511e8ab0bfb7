"""The line of messages that wait for a WebSocket; on real sockets it is tested with `connect`."""

from __future__ import annotations

from typing import cast

from aiohttp.web import WebSocketResponse

from pbx.transport.websocket import WebSocketChannel
from pbx.transport.websocket_pump import WebSocketPump

from .stack import FakeStack


class Socket:
    """An aiohttp WebSocket that fails or obeys."""

    def __init__(self) -> None:
        self.sent: list[bytes | str] = []
        self.closed_with: tuple[int, bytes] | None = None
        self.broken = False
        self.stack = FakeStack()

    async def send_str(self, message: str) -> None:
        await self.send_bytes(message)

    async def send_bytes(self, message: bytes | str) -> None:
        if self.broken:
            raise ConnectionResetError
        self.sent.append(message)

    async def close(self, *, code: int, message: bytes) -> None:
        self.closed_with = (code, message)

    def __aiter__(self) -> Socket:
        return self

    async def __anext__(self) -> None:
        await self.stack.until(lambda: False)


class Owner:
    """The channel's part that the pump calls."""

    over = False

    def closed(self) -> None:
        self.over = True


async def pumped(
    socket: Socket, *, limit: int = 1000, end: bool = True, messages: tuple[bytes | str, ...] = ()
) -> Owner:
    pump = WebSocketPump(cast(WebSocketResponse, socket), limit)
    for message in messages:
        pump.send(message)
    if end:
        pump.end(1001, "bye")
        pump.end(1008, "again")
    owner = Owner()
    await pump.run(cast(WebSocketChannel, owner))
    return owner


async def test_what_is_in_line_leaves_before_the_end() -> None:
    socket = Socket()
    owner = await pumped(socket, messages=("one", b"two"))
    assert socket.sent == ["one", b"two"]
    assert socket.closed_with == (1001, b"bye")
    assert owner.over


async def test_a_broken_connection_ends_it() -> None:
    socket = Socket()
    socket.broken = True
    owner = await pumped(socket, messages=("one",), end=False)
    assert owner.over
    assert socket.closed_with == (1000, b"")


async def test_a_line_too_long_is_dropped() -> None:
    socket = Socket()
    await pumped(socket, limit=5, messages=("123", "456", "7"), end=False)
    assert socket.sent == []
    assert socket.closed_with == (1013, b"slow reader")

"""Runs a `WebSocketChannel` on an aiohttp WebSocket, ours or a client's: what is to be sent waits in a
bounded line."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.web import WebSocketResponse

from pbx.tasks import Tasks

from .websocket import TRY_LATER, WebSocketChannel

Send = Callable[[bytes | str], None]
End = Callable[[int, str], None]

_CLOSE_SECONDS = 5.0


class WebSocketPump:
    """Reads and writes one WebSocket until it is over.

    `send` and `end` are for the channel. A peer that does not read loses its connection when `limit` bytes
    wait.
    """

    def __init__(self, socket: WebSocketResponse | ClientWebSocketResponse, limit: int) -> None:
        self._socket = socket
        self._limit = limit
        self._waiting: deque[bytes | str] = deque()
        self._size = 0
        self._news = asyncio.Event()
        self._ending: tuple[int, str] | None = None
        self._overflow: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def overflowed(self) -> bool:
        """Whether the peer read too slowly."""
        return self._overflow.done()

    def send(self, message: bytes | str) -> None:
        """Put a message in line; never waits."""
        if self.overflowed:
            return
        self._size += len(message)
        if self._size > self._limit:
            self._waiting.clear()
            self._ending = (TRY_LATER, "slow reader")
            self._overflow.set_result(None)
            return
        self._waiting.append(message)
        self._news.set()

    def end(self, code: int, why: str) -> None:
        """Close after what is in line; never waits."""
        self._ending = self._ending or (code, why)
        self._news.set()

    async def run(self, channel: WebSocketChannel) -> None:
        """Read and write until either side ends it; tells the channel at the end."""
        tasks = Tasks("websocket")
        reading = tasks.spawn(self._read(channel), name="read")
        writing = tasks.spawn(self._write(), name="write")
        try:
            await asyncio.wait({reading, writing, self._overflow}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            channel.closed()
            await tasks.close()
            code, why = self._ending or (1000, "")
            with contextlib.suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._socket.close(code=code, message=why.encode()[:120])

    async def _read(self, channel: WebSocketChannel) -> None:
        async for message in self._socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            wait = channel.received(message.data)
            if wait:
                await asyncio.sleep(wait)

    async def _write(self) -> None:
        while not (self._ending and not self._waiting):
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                message = self._waiting.popleft()
                try:
                    if isinstance(message, str):
                        await self._socket.send_str(message)
                    else:
                        await self._socket.send_bytes(message)
                except ConnectionError:
                    return
                self._size -= len(message)

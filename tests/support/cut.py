"""A network that can be cut: relays on loopback between a device and its servers, which drop everything while
the cable is out, as silently as a cable does."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

from tests.support.ports import free_port

_CALL_ID = re.compile(rb"^(?:Call-ID|i):\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Cable:
    """What lies between. `out`: nothing passes; `deaf`: the server's answers to MESSAGEs are lost, until
    `repeated`: the device has asked the same anew."""

    def __init__(self) -> None:
        self.out = self.deaf = False
        self.lost = 0
        self.repeated = asyncio.Event()
        self._sent: dict[bytes, set[bytes]] = {}

    def passes(self, data: bytes, *, down: bool) -> bool:
        """Whether these bytes arrive; `down` is towards the device."""
        if self.deaf and not down and data.startswith(b"MESSAGE ") and (found := _CALL_ID.search(data)):
            again = self._sent.setdefault(data.partition(b"\r\n\r\n")[2], set())
            again.add(found[1])
            if len(again) > 1:
                self.repeated.set()  # in a request of its own: not what the transaction repeats
        unheard = down and self.deaf and data.startswith(b"SIP/2.0 200") and b" MESSAGE\r\n" in data
        self.lost += self.out or unheard
        return not (self.out or unheard)


class _Side(asyncio.DatagramProtocol):
    """One socket of a relay of datagrams; `there` is whom it speaks to."""

    def __init__(self, cable: Cable, *, down: bool) -> None:
        self._cable, self._down = cable, down
        self.there: tuple[str, int] | None = None
        self.other: _Side | None = None
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._down:
            self.there = addr  # the device's newest socket, as a router at home would have it
        other = self.other
        if other is not None and other.transport is not None and other.there is not None:
            if self._cable.passes(data, down=self._down):
                other.transport.sendto(data, other.there)


@asynccontextmanager
async def datagrams(cable: Cable, port: int) -> AsyncIterator[int]:
    """A port that leads to `port`, over the cable."""
    loop, here = asyncio.get_running_loop(), free_port("udp")
    device, server = _Side(cable, down=False), _Side(cable, down=True)
    device.other, server.other = server, device
    server.there = ("127.0.0.1", port)
    one, _ = await loop.create_datagram_endpoint(lambda: device, local_addr=("127.0.0.1", here))
    two, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", 0))
    try:
        yield here
    finally:
        one.close()
        two.close()


@asynccontextmanager
async def streams(cable: Cable, port: int) -> AsyncIterator[int]:
    """A port whose connections lead to `port`, over the cable; what was on its way stays lost."""
    here = free_port()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if cable.passes(data, down=down):
                    writer.write(data)
                    await writer.drain()
        if not cable.out:
            writer.close()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(pump(reader, far_writer, down=False))
                    group.create_task(pump(far_reader, writer, down=True))
            finally:
                far_writer.close()
        writer.close()

    server = await asyncio.start_server(joined, "127.0.0.1", here)
    try:
        yield here
    finally:
        server.close()

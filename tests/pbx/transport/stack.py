"""A stand-in for the engine that answers nothing by itself, and what transport tests share."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pbx.sip.flow import Flow
from pbx.sip.message import Message, Request, response_to
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.limits import Limits

if TYPE_CHECKING:
    from pbx.sip.engine import Engine

SECONDS = 5.0
"""How long a test waits for something that must happen."""


def options(branch: str = "z9hG4bK1", *, cseq: int = 1, padding: int = 0, transport: str = "UDP") -> bytes:
    """An OPTIONS request; `padding` bytes of body make it long."""
    return (
        "OPTIONS sip:doorline.example SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} 127.0.0.1:5099;rport;branch={branch}\r\n"
        "From: <sip:a@x.example>;tag=1\r\nTo: <sip:b@x.example>\r\n"
        f"Call-ID: {branch}\r\nCSeq: {cseq} OPTIONS\r\n"
        f"Max-Forwards: 70\r\nContent-Length: {padding}\r\n\r\n" + "x" * padding
    ).encode()


@dataclass
class FakeStack:
    """Keeps what it is given; `answer` makes messages of each request."""

    answer: Callable[[Request], list[bytes]] = lambda request: [response_to(request, 200).to_bytes()]
    received: list[tuple[Message, Flow, float]] = field(default_factory=list)
    lost: list[Flow] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)
    deadline: float | None = None
    fail: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    waiting_out: list[tuple[Flow, bytes]] = field(default_factory=list)
    waiting_events: list[object] = field(default_factory=list)

    def receive(self, message: Message, flow: Flow, now: float) -> None:
        if self.fail:
            raise RuntimeError("a bug of ours")
        self.received.append((message, flow, now))
        if isinstance(message, Request):
            self.waiting_out += [(flow, data) for data in self.answer(message)]
        self.arrived.set()

    def flow_lost(self, flow: Flow, now: float) -> None:
        self.lost.append(flow)
        self.arrived.set()

    def handle_timeout(self, now: float) -> None:
        self.timeouts.append(now)
        self.deadline = None
        self.arrived.set()

    def next_deadline(self) -> float | None:
        return self.deadline

    def outbox(self) -> list[tuple[Flow, bytes]]:
        out, self.waiting_out = self.waiting_out, []
        return out

    def events(self) -> list[object]:
        events, self.waiting_events = self.waiting_events, []
        return events

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for something that the stack is told."""
        async with asyncio.timeout(SECONDS):
            while not true():
                self.arrived.clear()
                await self.arrived.wait()


@dataclass
class Bench:
    """A driver over a fake stack, on the running loop."""

    stack: FakeStack
    driver: Driver
    gate: Gate
    events: list[object]
    lost: list[Flow]

    async def when(self, true: Callable[[], object]) -> None:
        """Wait for something that nobody is told: a look every few milliseconds, by the driver's timer."""
        async with asyncio.timeout(SECONDS):
            while not true():
                looked = asyncio.Event()
                self.driver.attach(self.gate)
                self.gate.later(self.driver.clock() + 0.003, looked.set)
                self.driver.touch()
                await looked.wait()


@contextmanager
def bench(limits: Limits | None = None, **stack: Any) -> Iterator[Bench]:
    """Assemble one on the running loop; `stack` goes to `FakeStack`."""
    fake = FakeStack(**stack)
    events: list[object] = []
    lost: list[Flow] = []
    clock = asyncio.get_running_loop().time
    engine = cast("Engine", fake)
    driver = Driver(engine, clock, lambda event, _: events.append(event), lambda flow, _: lost.append(flow))
    try:
        yield Bench(fake, driver, Gate(limits), events, lost)
    finally:
        driver.close()


class Caller(asyncio.DatagramProtocol):
    """A UDP peer on loopback; what it hears lies in `heard`."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.arrived = asyncio.Event()
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(data)
        self.arrived.set()

    def say(self, *datagrams: bytes) -> None:
        """Send datagrams."""
        assert self.transport is not None
        for data in datagrams:
            self.transport.sendto(data)

    async def hear(self, count: int = 1) -> list[bytes]:
        """Wait until that many datagrams have come."""
        async with asyncio.timeout(SECONDS):
            while len(self.heard) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.heard


@contextmanager
def calling(caller: Caller) -> Iterator[Caller]:
    """Close a caller at the end."""
    try:
        yield caller
    finally:
        if caller.transport is not None:
            caller.transport.abort()


async def caller_to(address: tuple[str, int], local: tuple[str, int] | None = None) -> Caller:
    """A new peer that speaks to `address`."""
    loop = asyncio.get_running_loop()
    _, caller = await loop.create_datagram_endpoint(Caller, remote_addr=address, local_addr=local)
    return caller


class StreamCaller:
    """A TCP or TLS peer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, *chunks: bytes) -> None:
        """Write bytes."""
        for chunk in chunks:
            self.writer.write(chunk)

    async def hear(self, end: bytes = b"\r\n\r\n") -> bytes:
        """Read up to and including `end`."""
        async with asyncio.timeout(SECONDS):
            return await self.reader.readuntil(end)

    async def end(self) -> bytes:
        """Read until the other side has closed."""
        async with asyncio.timeout(SECONDS):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def dialling(address: tuple[str, int], **more: Any) -> AsyncIterator[StreamCaller]:
    """Connect, and close at the end; `more` goes to `asyncio.open_connection` (ssl, local_addr ...)."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection(*address, **more)
    try:
        yield StreamCaller(reader, writer)
    finally:
        writer.close()
        try:
            async with asyncio.timeout(SECONDS):
                await writer.wait_closed()
        except (ConnectionError, ssl.SSLError):
            pass

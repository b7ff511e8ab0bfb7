"""A running engine and calls through it, for tests that want the whole way."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from media.embedded import EmbeddedEngine
from media.engine import Event, MediaSettings
from media.session import Session
from tests.media import offers
from tests.media.loopback import FIRST, Phone

SECONDS = 10.0
SETTINGS = MediaSettings(
    port_low=FIRST + 200,
    port_high=FIRST + 399,
    advertised_addresses=("127.0.0.1",),
    ready_pairs=16,
    quarantine_seconds=0.05,
)
E = TypeVar("E", bound=Event)


class Events:
    """What the engine told, and waiting for what it has still to tell."""

    def __init__(self) -> None:
        self.all: list[Event] = []
        self._more = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.all.append(event)
        self._more.set()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.all if isinstance(event, kind)]

    async def wait(self, kind: type[E], count: int = 1) -> list[E]:
        """The events of one kind, once there are so many."""
        async with asyncio.timeout(SECONDS):
            while len(self.of(kind)) < count:
                self._more.clear()
                await self._more.wait()
        return self.of(kind)


@asynccontextmanager
async def running(workers: int, **other: object) -> AsyncIterator[tuple[EmbeddedEngine, Events]]:
    """An engine with so many worker processes; 0: in this loop."""
    events = Events()
    settings = replace(SETTINGS, workers=workers, **other)  # type: ignore[arg-type]
    engine = EmbeddedEngine(settings, events)
    await engine.start()
    try:
        yield engine, events
    finally:
        await engine.stop()


@dataclass
class Call:
    """Two phones in a call through the engine, and our ports towards them."""

    session: Session
    a: Phone
    b: Phone
    at_a: int
    at_b: int

    def close(self) -> None:
        self.session.close()
        self.a.close()
        self.b.close()


def connect(engine: EmbeddedEngine, name: str = "c") -> Call:
    """A call as the switchboard makes it."""
    a, b = Phone(), Phone()
    session = engine.open(name)
    session.receive_offer("a", offers.phone(a.port), source="127.0.0.1")
    to_b = session.offer("b", like="a", toward="127.0.0.1")
    session.receive_answer("b", offers.phone(b.port), source="127.0.0.1")
    to_a = session.answer("a", like="b")
    session.connect("a", "b")
    return Call(session, a, b, offers.port_of(to_a), offers.port_of(to_b))


async def speak(phone: Phone, port: int, data: bytes, listener: Phone) -> bytes:
    """Send a packet until one comes through: the worker may hear of the call a moment after we do."""
    async with asyncio.timeout(SECONDS):
        while True:
            phone.send(port, data)
            try:
                return await asyncio.wait_for(receive(listener.rtp), 0.05)
            except TimeoutError:
                continue


async def receive(one: socket.socket) -> bytes:
    """The next datagram."""
    async with asyncio.timeout(SECONDS):
        return await asyncio.get_running_loop().sock_recv(one, 4096)

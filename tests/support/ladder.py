"""Two SIP engines on one virtual clock over a net that loses, repeats and reorders: tests read as ladders."""

from __future__ import annotations

import random
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

from pbx.sip.engine import Engine
from pbx.sip.events import Event
from pbx.sip.flow import Flow, Transport
from pbx.sip.invite.session import Session
from pbx.sip.limits import Limits
from pbx.sip.message import Message, Request, parse

E = TypeVar("E")
DELAY = 1 / 64
"""Seconds a message travels: one tick, so that moments in tests stay exact."""
OFFER = b"v=0\r\no=alice 1 1 IN IP4 192.0.2.1\r\n"
ANSWER = b"v=0\r\no=bob 1 1 IN IP4 192.0.2.2\r\n"
SECOND = b"v=0\r\no=second 2 2 IN IP4 192.0.2.3\r\n"


def title(message: Message) -> str:
    """`INVITE`, or `200 INVITE` for a response."""
    if isinstance(message, Request):
        return message.method
    return f"{message.status} {message.cseq.method}"


class Side:
    """One engine with its flow to the other, what it was told, and what it sent."""

    def __init__(self, ladder: Ladder, name: str, flow: Flow, engine: Engine) -> None:
        self.ladder = ladder
        self.name = name
        self.flow = flow
        self.engine = engine
        self.told: list[Event] = []
        self.sent: list[Message] = []
        self.on_event: Callable[[Event], None] | None = None

    def call(self, body: bytes = OFFER, **more: object) -> Session:
        """Sends an INVITE to the other side."""
        other = self.ladder.other(self)
        return self.engine.invite(
            target=f"sip:{other.name}@example.org",
            from_=f"<sip:{self.name}@example.org>",
            to=f"<sip:{other.name}@example.org>",
            flow=self.flow,
            body=body,
            now=self.ladder.now,
            **more,  # type: ignore[arg-type]
        )

    def renew_flow(self) -> None:
        """A new connection to the other side takes the place of the old one."""
        self.flow = Flow(self.flow.transport, self.flow.local, self.flow.remote)

    def take(self, kind: type[E]) -> E:
        """The next event, which must be of that kind."""
        assert self.told, f"{self.name} was told nothing, not {kind.__name__}"
        event = self.told.pop(0)
        assert isinstance(event, kind), f"{self.name} was told {event}, not {kind.__name__}"
        return event

    def saw(self) -> list[str]:
        """Names of the events not taken yet."""
        return [type(event).__name__ for event in self.told]

    def count(self, name: str) -> int:
        """How often a message of that title was sent."""
        return sum(1 for message in self.sent if title(message) == name)

    def last(self, name: str) -> Message:
        """The last message of that title."""
        return [message for message in self.sent if title(message) == name][-1]


class Ladder:
    """`alice` and `bob`. `settle` lets messages travel, `advance` lets time pass.

    `lose`, `hold` and `double` name messages by title; `noise` sets random loss and the like for all.
    """

    def __init__(
        self,
        transport: Transport = "udp",
        *,
        limits: Limits | None = None,
        session_interval: int = 1800,
        min_se: int = 90,
    ) -> None:
        tokens = count(1)
        self.now = 0.0
        self._order = count()
        self._wire: list[tuple[float, int, Side, bytes]] = []
        self._lost: list[tuple[str, str]] = []
        self._doubled: list[tuple[str, str]] = []
        self._held: dict[tuple[str, str], list[bytes]] = {}
        self._chance = random.Random(0)
        self._loss = self._repeat = self._jitter = 0.0
        self.drawn: list[str] = []

        def side(name: str, local: tuple[str, int], remote: tuple[str, int]) -> Side:
            engine = Engine(
                token=lambda: f"t{next(tokens)}",
                session_interval=session_interval,
                min_se=min_se,
                limits=limits or Limits(),
            )
            return Side(self, name, Flow(transport, local, remote), engine)

        self.alice = side("alice", ("192.0.2.1", 5060), ("192.0.2.2", 5060))
        self.bob = side("bob", ("192.0.2.2", 5060), ("192.0.2.1", 5060))

    def other(self, side: Side) -> Side:
        """Who is at the far end."""
        return self.bob if side is self.alice else self.alice

    # The net

    def lose(self, side: Side, name: str, times: int = 1) -> None:
        """The next messages of that title from `side` are lost."""
        self._lost += [(side.name, name)] * times

    def double(self, side: Side, name: str, times: int = 1) -> None:
        """The next messages of that title from `side` arrive twice."""
        self._doubled += [(side.name, name)] * times

    def hold(self, side: Side, name: str) -> None:
        """Messages of that title from `side` wait until `release`."""
        self._held[side.name, name] = []

    def release(self, side: Side, name: str) -> None:
        """What `hold` kept travels on."""
        for data in self._held.pop((side.name, name)):
            self._travel(self.other(side), data)

    def noise(self, seed: int, loss: float = 0.0, repeat: float = 0.0, jitter: float = 0.0) -> None:
        """From now on messages are lost or doubled by chance, and delayed by up to `jitter` seconds more."""
        self._chance = random.Random(seed)
        self._loss, self._repeat, self._jitter = loss, repeat, jitter

    def _put(self, side: Side, data: bytes) -> None:
        message = parse(data)
        side.sent.append(message)
        key = (side.name, title(message))
        line = f"{side.name} {title(message)}"
        if key in self._held:
            self._held[key].append(data)
            self.drawn.append(f"{line} (held)")
        elif key in self._lost or self._chance.random() < self._loss:
            if key in self._lost:
                self._lost.remove(key)
            self.drawn.append(f"{line} (lost)")
        else:
            self.drawn.append(line)
            self._travel(self.other(side), data)
            if key in self._doubled or self._chance.random() < self._repeat:
                if key in self._doubled:
                    self._doubled.remove(key)
                self._travel(self.other(side), data)

    def _travel(self, to: Side, data: bytes) -> None:
        arrival = self.now + DELAY + self._chance.random() * self._jitter
        heappush(self._wire, (arrival, next(self._order), to, data))

    # Time

    def settle(self) -> None:
        """Messages travel until none is under way; timers fire only if their moment comes meanwhile."""
        self._drain()
        while self._wire:
            self._step(self._wire[0][0])

    def advance(self, seconds: float) -> None:
        """Time passes, with everything that falls due in it."""
        end = self.now + seconds
        self._drain()
        while (moment := self._next()) is not None and moment <= end:
            self._step(moment)
        self.now = end

    def finish(self) -> None:
        """Time passes until nothing is under way and no timer is armed."""
        self._drain()
        while (moment := self._next()) is not None:
            self._step(moment)

    def _next(self) -> float | None:
        moments = [side.engine.next_deadline() for side in (self.alice, self.bob)]
        if self._wire:
            moments.append(self._wire[0][0])
        return min((moment for moment in moments if moment is not None), default=None)

    def _step(self, moment: float) -> None:
        self.now = max(self.now, moment)
        for side in (self.alice, self.bob):
            side.engine.handle_timeout(self.now)
        self._drain()
        while self._wire and self._wire[0][0] <= self.now:
            _, _, to, data = heappop(self._wire)
            to.engine.receive(parse(data), to.flow, self.now)
            self._drain()

    def _drain(self) -> None:
        busy = True
        while busy:
            busy = False
            for side in (self.alice, self.bob):
                for event in side.engine.events():
                    busy = True
                    side.told.append(event)
                    if side.on_event is not None:
                        side.on_event(event)
                for _, data in side.engine.outbox():
                    busy = True
                    self._put(side, data)

    # What was seen

    def picture(self) -> list[str]:
        """What was sent since the last look, in order: `alice INVITE`, `bob 200 INVITE`, lost ones marked."""
        self._drain()
        drawn, self.drawn = self.drawn, []
        return drawn

    def nothing_left(self) -> bool:
        """Whether both engines are empty."""
        return not any(value for side in (self.alice, self.bob) for value in side.engine.stats().values())

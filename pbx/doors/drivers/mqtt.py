"""A relay that listens to an MQTT broker (MQTT 3.1.1), and what the broker is told of doors and bells.

An order is one message with QoS 1: the broker's PUBACK counts as opened, as nothing more is ever heard of
most relays. A broker that is away is tried again with growing pauses; meanwhile orders fail at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiomqtt

from dialplan.plan import DialPlan
from pbx.doors.drivers.http import filled
from pbx.doors.home_assistant import Told, Topics
from pbx.doors.opener import Done, OpenOrder
from pbx.facts import Fact, PlanLoaded
from pbx.tasks import Tasks

_log = logging.getLogger(__name__)

SECONDS = 1.8
LONGEST_PAUSE = 60.0
WAITING = 1000
"""Messages kept while the broker is slow; the oldest is dropped for the newest."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is; `tls` None: in the clear, for a broker on this machine or its own network."""

    host: str
    port: int = 1883
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None
    topics: Topics = field(default_factory=Topics)


class MqttDriver:
    """Drives the doors whose `driver` is "mqtt", and tells the broker of the rest.

    Args:
        settled: run after an answer (it drains the SIP driver).
    """

    def __init__(
        self, broker: Broker, plans: Mapping[str, DialPlan], settled: Callable[[], None] = lambda: None
    ) -> None:
        self._broker, self._plans, self._settled = broker, plans, settled
        self._tasks = Tasks("mqtt")
        self._client: aiomqtt.Client | None = None
        self._waiting: asyncio.Queue[Told] = asyncio.Queue(WAITING)

    def start(self) -> None:
        """Begin to connect, on the running loop."""
        self._tasks.spawn(self._run(), name="connection")

    async def close(self) -> None:
        """Leave the broker."""
        await self._tasks.close()

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """Send the order's message; `done` follows within 2 s."""
        if order.action != "open":
            done(False, "no_hold", now)
        elif self._client is None:
            done(False, "unreachable", now)
        else:
            self._tasks.spawn(self._order(self._client, order, done), name=order.door.id)

    def heard(self, fact: Fact) -> None:
        """A listener of facts."""
        if self._client is None:
            return
        if isinstance(fact, PlanLoaded):
            self._announce(fact.site)
        elif (told := self._broker.topics.message(fact)) is not None:
            self._queue(told)

    def _announce(self, site: str) -> None:
        plan = self._plans.get(site)
        for told in self._broker.topics.announce(plan) if plan is not None else ():
            self._queue(told)

    def _queue(self, told: Told) -> None:
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(told)

    async def _run(self) -> None:
        pause = 1.0
        while True:
            try:
                await self._connected()
            except (aiomqtt.MqttError, OSError) as error:
                _log.warning("MQTT broker %s is away: %s", self._broker.host, error)
            pause = 1.0 if self._client is not None else min(pause * 2, LONGEST_PAUSE)
            self._client = None
            await asyncio.sleep(pause)

    async def _connected(self) -> None:
        """Stay with the broker until it is gone."""
        broker, status = self._broker, self._broker.topics.status
        async with aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            tls_context=broker.tls,
            will=aiomqtt.Will(status, "offline", 1, True),
        ) as client:
            await client.publish(status, "online", 1, True)
            self._client = client
            for site in self._plans:
                self._announce(site)
            telling = self._tasks.spawn(self._tell(client), name="news")
            try:
                async for _ in client.messages:  # nothing is subscribed to: this ends with the connection
                    pass
            finally:
                telling.cancel()

    async def _tell(self, client: aiomqtt.Client) -> None:
        with contextlib.suppress(aiomqtt.MqttError):  # whoever waits for the connection's end says so
            while True:
                told = await self._waiting.get()
                await client.publish(told.topic, told.payload, 1, told.retain)

    async def _order(self, client: aiomqtt.Client, order: OpenOrder, done: Done) -> None:
        try:
            payload = filled(order.door.payload, order) or "ON"
            await client.publish(order.door.address, payload, 1, timeout=SECONDS)
            detail = "opened"
        except aiomqtt.MqttError:
            detail = "unreachable"
        done(detail == "opened", detail, time.monotonic())
        self._settled()

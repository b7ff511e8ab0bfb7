"""A relay in the caller's own loop, for tests that want no process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from media.engine import MediaSettings
from media.links import OnOrders
from media.orders import Order
from media.relay import Relay


class LocalLink:
    """See media.links.Link. The relay's one epoll is itself readable, so the loop watches only that."""

    def __init__(self) -> None:
        self._relay: Relay | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._said: list[Order] = []
        self._on_orders: OnOrders | None = None
        self._on_end: Callable[[], None] | None = None

    @property
    def pid(self) -> int | None:
        return os.getpid() if self._relay is not None else None

    async def open(
        self, settings: MediaSettings, ports: range, on_orders: OnOrders, on_end: Callable[[], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_orders, self._on_end = on_orders, on_end
        self._relay = Relay(settings, ports, self._report)
        self._loop.add_reader(self._relay.poller.fileno(), self._readable)
        self._arm()

    def send(self, orders: list[Order]) -> None:
        if self._relay is not None:
            for order in orders:
                self._relay.obey(order)
            self._arm()

    def kill(self) -> None:
        self._end()
        if self._on_end is not None:
            self._on_end()

    async def close(self) -> None:
        self._end()

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._relay is not None and self._loop is not None:
            self._loop.remove_reader(self._relay.poller.fileno())
            self._relay.close()
            self._relay = None
        self._said.clear()

    def _readable(self) -> None:
        if self._relay is not None:
            self._relay.poller.turn()
            self._arm()

    def _report(self, order: Order) -> None:
        self._said.append(order)
        if len(self._said) == 1 and self._loop is not None:
            self._loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        said, self._said = self._said, []
        if said and self._on_orders is not None:
            self._on_orders(said)

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._relay is not None and self._loop is not None:
            self._timer = self._loop.call_at(self._relay.next_deadline(), self._timeout)

    def _timeout(self) -> None:
        if self._relay is not None and self._loop is not None:
            self._relay.handle_timeout(self._loop.time())
            self._arm()

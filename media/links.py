"""How the control side reaches a relay: in a process of its own, or in the same loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from media.engine import MediaSettings
from media.orders import Order

OnOrders = Callable[[list[Order]], None]


class Link(Protocol):
    """One relay, from its start to its end. After `on_end` nothing more comes from it."""

    @property
    def pid(self) -> int | None: ...

    async def open(
        self, settings: MediaSettings, ports: range, on_orders: OnOrders, on_end: Callable[[], None]
    ) -> None:
        """Start it."""

    def send(self, orders: list[Order]) -> None:
        """Hand orders over; never waits."""

    def kill(self) -> None:
        """End a relay that answers no more; `on_end` follows."""

    async def close(self) -> None:
        """End it; returns when it is gone. `on_end` is not called."""

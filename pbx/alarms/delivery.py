"""Takes each alarm to where it shall go, and tries again while that is away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from pbx.alarms.book import Message
from pbx.tasks import Tasks

log = logging.getLogger("doorline.alarms")

WAITS: tuple[float, ...] = (1, 5, 30, 120, 600, 3600)
WAITING_LIMIT = 200

Carrier = Callable[[Message], Awaitable[None]]
"""Delivers one message; OSError when it could not."""


class Delivery:
    """Every message by every carrier, each tried until it is taken or the waits are over.

    Args:
        carriers: by a name for the log.
        waits: seconds before each further try.
    """

    def __init__(self, carriers: Mapping[str, Carrier], waits: Sequence[float] = WAITS) -> None:
        self._carriers = carriers
        self._waits = waits
        self._tasks = Tasks("alarms")

    def tell(self, message: Message) -> None:
        """Log the alarm and send it on its ways."""
        log.warning("alarm %s", message.line)
        for name, carrier in self._carriers.items():
            if len(self._tasks) >= WAITING_LIMIT:
                log.error("too many alarms wait, one is lost")
                return
            self._tasks.spawn(self._carry(name, carrier, message), name=name)

    @property
    def waiting(self) -> int:
        """Messages under way."""
        return len(self._tasks)

    async def close(self) -> None:
        """Give up on what waits."""
        await self._tasks.close()

    async def _carry(self, name: str, carrier: Carrier, message: Message) -> None:
        for wait in (0.0, *self._waits):
            await asyncio.sleep(wait)
            try:
                await carrier(message)
            except OSError as fault:
                log.warning("alarm %s not delivered by %s: %s", message.id, name, fault)
            else:
                return
        log.error("alarm %s was never delivered by %s", message.id, name)

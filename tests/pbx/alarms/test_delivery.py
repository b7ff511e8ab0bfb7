from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from pbx.alarms.book import Message
from pbx.alarms.delivery import Delivery

MESSAGE = Message("id1", "raised", "", "disk_full", "disk", "3%", datetime(2026, 11, 22, tzinfo=UTC))


async def test_a_carrier_that_is_away_holds_up_no_other() -> None:
    taken: list[str] = []

    async def good(message: Message) -> None:
        taken.append(message.id)

    async def away(message: Message) -> None:
        raise ConnectionRefusedError("away")

    delivery = Delivery({"away": away, "good": good}, waits=(0.0, 0.0))
    delivery.tell(MESSAGE)
    while delivery.waiting:
        await asyncio.sleep(0.01)
    assert taken == ["id1"]
    await delivery.close()

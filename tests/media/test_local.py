"""The relay in the caller's loop."""

from __future__ import annotations

import asyncio

from media.local import LocalLink
from media.orders import Order
from tests.media.calls import SECONDS, SETTINGS
from tests.media.loopback import FIRST


async def test_orders_are_carried_out_and_answered_in_this_loop() -> None:
    said: list[Order] = []
    more = asyncio.Event()

    def hear(orders: list[Order]) -> None:
        said.extend(orders)
        more.set()

    link = LocalLink()
    await link.open(SETTINGS, range(FIRST + 600, FIRST + 620, 2), hear, more.set)
    link.send([["bind", 3]])
    async with asyncio.timeout(SECONDS):
        await more.wait()
    assert [order[0] for order in said] == ["ports"]
    assert len(said[0][1]) == 3
    await link.close()
    assert link.pid is None


async def test_a_kill_is_told_and_nothing_comes_after() -> None:
    ended = asyncio.Event()
    link = LocalLink()
    await link.open(SETTINGS, range(FIRST + 600, FIRST + 620, 2), lambda orders: None, ended.set)
    link.kill()
    assert ended.is_set()
    link.send([["bind", 3]])
    await link.close()

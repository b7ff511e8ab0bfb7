"""The relay in a process of its own: its birth, its orders, its deaths."""

from __future__ import annotations

import asyncio
import os

import pytest

from media.orders import MAX_PENDING, Order
from media.process import ProcessLink
from tests.media.calls import SECONDS, SETTINGS
from tests.media.loopback import FIRST

PORTS = range(FIRST + 620, FIRST + 660, 2)


class Heard:
    """What the link brought."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.more, self.ended = asyncio.Event(), asyncio.Event()

    def __call__(self, orders: list[Order]) -> None:
        self.orders.extend(orders)
        self.more.set()

    async def until(self, verb: str) -> Order:
        async with asyncio.timeout(SECONDS):
            while True:
                for order in self.orders:
                    if order[0] == verb:
                        return order
                self.more.clear()
                await self.more.wait()


async def opened() -> tuple[ProcessLink, Heard]:
    link, heard = ProcessLink(), Heard()
    await link.open(SETTINGS, PORTS, heard, heard.ended.set)
    return link, heard


async def test_it_answers_and_ends_when_it_is_hung_up_on() -> None:
    link, heard = await opened()
    link.send([["bind", 3]])
    assert len((await heard.until("ports"))[1]) == 3
    await link.close()
    assert not heard.ended.is_set()


async def test_its_death_is_told() -> None:
    link, heard = await opened()
    link.send([["bind", 1]])
    await heard.until("ports")
    assert link.pid is not None
    os.kill(link.pid, 9)
    async with asyncio.timeout(SECONDS):
        await heard.ended.wait()
    link.send([["bind", 1]])
    await link.close()


async def test_an_order_that_fails_fails_alone(capfd: pytest.CaptureFixture[str]) -> None:
    link, heard = await opened()
    link.send([["bind", "many"], ["dance"], ["free", 1], ["join", 1, None, []], ["bind", 2]])
    assert len((await heard.until("ports"))[1]) == 2
    await link.close()
    assert "media order" in capfd.readouterr().err


async def test_one_that_reads_no_more_is_ended() -> None:
    link, heard = await opened()
    link.send([["bind", 1]])
    await heard.until("ports")
    assert link.pid is not None
    os.kill(link.pid, 19)  # SIGSTOP
    line = "x" * 100_000
    for _ in range(MAX_PENDING // len(line) + 10):
        link.send([["listen", line, True]])
    async with asyncio.timeout(SECONDS):
        await heard.ended.wait()
    await link.close()

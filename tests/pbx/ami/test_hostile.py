"""Strangers in numbers (security goal S18): operators are served all the same, and nothing stays behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbx.ami.server import AmiLimits
from tests.support.ami import House, ami_house, operator


async def connect(house: House, source: str) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection(house.host, house.port, local_addr=(source, 0))
    return writer


async def settle(house: House, sessions: int) -> None:
    async with asyncio.timeout(10):
        while house.server.stats()["sessions"] != sessions:
            await asyncio.sleep(0.01)


async def test_waiting_strangers_make_room_for_who_comes(tmp_path: Path) -> None:
    async with ami_house(tmp_path, AmiLimits(sessions=4, sessions_per_source=2)) as house:
        strangers = [await connect(house, f"127.0.0.{2 + n // 2}") for n in range(4)]
        await settle(house, 4)
        async with operator(house.host, house.port, *house.login) as client:
            assert (await client.event("FullyBooted"))["Status"] == ["Fully Booted"]
            assert house.server.stats()["sessions"] == 4
        for writer in strangers:
            writer.close()
        await settle(house, 0)


async def test_operators_at_work_are_not_driven_out(tmp_path: Path) -> None:
    async with ami_house(tmp_path, AmiLimits(sessions=1, sessions_per_source=5)) as house:
        async with operator(house.host, house.port, *house.login) as client:
            await client.event("FullyBooted")
            late = await connect(house, "127.0.0.2")
            assert (await client.ask("Action: Ping"))["Ping"] == ["Pong"]
            assert house.server.stats()["refused"] == 1
            late.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_thousands_of_strangers(tmp_path: Path) -> None:
    """Five thousand connections of fifty sources, silent, chatty and rude, while an operator works."""
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        texts = [b"", b"Action: Login\r\nUsername: op\r\n", b"x" * 3000, b"Action: Challenge\r\n\r\n" * 40]
        for round_ in range(50):
            writers = [await connect(house, f"127.0.1.{1 + n % 50}") for n in range(100)]
            for number, writer in enumerate(writers):
                writer.write(texts[number % len(texts)])
            answer = await client.ask("Action: Ping", f"ActionID: {round_}")
            assert answer["ActionID"] == [str(round_)]
            for writer in writers:
                writer.transport.abort()
        await settle(house, 1)

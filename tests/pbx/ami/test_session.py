from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pbx.ami import session as session_module
from pbx.facts import PlanLoaded
from tests.support.ami import OFFICE, ami_house, operator


async def test_who_does_not_read_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "WRITE_LIMIT", 64 * 1024)
    async with ami_house(tmp_path) as house:
        async with (
            operator(house.host, house.port, *house.login) as slow,
            operator(house.host, house.port, *house.login) as quick,
        ):
            slow.reader._transport.pause_reading()  # type: ignore[attr-defined]
            loaded = PlanLoaded(OFFICE, 1)
            async with asyncio.timeout(10):
                while not house.server.stats()["cut_off"]:
                    for _ in range(500):
                        house.facts.publish(loaded)
                    await quick.event("UserEvent")
                    quick.reader._buffer.clear()  # type: ignore[attr-defined]
                    await asyncio.sleep(0)
            assert house.server.stats()["sessions"] == 1
            slow.reader._transport.resume_reading()  # type: ignore[attr-defined]


async def test_many_actions_at_once_are_all_answered(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        for number in range(300):
            client.send("Action: CoreSettings", f"ActionID: {number}")
        for number in range(300):
            assert (await client.message())["ActionID"] == [str(number)]


async def test_logoff_behind_waiting_actions_lets_them_finish(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        client.writer.write(b"Action: CoreSettings\r\n\r\n" * 20 + b"Action: Logoff\r\n\r\n")
        text = await client.closed()
        assert text.count(b"AsteriskVersion") == 20
        assert b"Goodbye" in text


async def test_who_says_nothing_is_cut_off_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "AUTH_SECONDS", 0.05)
    async with ami_house(tmp_path) as house, operator(house.host, house.port) as client:
        await client.banner()
        client.writer.write(b"Action: Log")
        assert await client.closed() == b""
        assert house.server.stats()["sessions"] == 0


MANY = b"Action: Ping\r\n" + b"A: b\r\n" * 500 + b"\r\n"


@pytest.mark.parametrize(
    "data",
    [b"x" * 5000, b"\x00\xff" * 3000, MANY, b"GET / HTTP/1.1\r\n\r\n"],
    ids=["long", "binary", "headers", "http"],
)
async def test_strangers_bytes_do_no_harm(tmp_path: Path, data: bytes) -> None:
    async with ami_house(tmp_path) as house:
        async with operator(house.host, house.port) as client:
            await client.banner()
            client.writer.write(data)
            client.writer.write_eof()
            text = await client.closed()
            assert b"Success" not in text
        async with operator(house.host, house.port, *house.login):
            pass


async def test_a_client_that_vanishes_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house:
        async with operator(house.host, house.port, *house.login) as client:
            client.writer.write(b"Action: Reload\r\n\r\n" * 50)
            client.writer.transport.abort()
        async with asyncio.timeout(20):
            while house.server.stats()["sessions"] or len(house.server.tasks):
                await asyncio.sleep(0.01)

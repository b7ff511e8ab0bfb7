"""The PBX dies in the middle of a ring and is back (Done when 3)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.scenarios.house import House, house

pytestmark = [pytest.mark.peer, pytest.mark.timeout(150)]


async def written(home: House, bindings: int) -> None:
    """Wait until the registrations stand in the database, as they must within 200 ms."""
    database = sqlite3.connect(f"file:{home.scratch}/pbx.db?mode=ro", uri=True)
    try:
        async with asyncio.timeout(2):
            while database.execute("select count(*) from binding").fetchone() != (bindings,):
                await asyncio.sleep(0.02)
    finally:
        database.close()


async def test_killed_while_ringing_it_is_back_and_nobody_need_register_again(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone", "per-phone") as home:
        await written(home, 3)
        gate = home.tap("2")
        ringing = await home["ola-phone"].expect("incoming")
        assert "\r\nExpires: 5\r\n" in ringing["text"]
        pbx = home.doorline.pbx
        assert pbx is not None
        killed = time.monotonic()
        pbx.process.send_signal(signal.SIGKILL)
        await pbx.process.wait()
        await home.doorline.start_pbx()
        gate.do("hangup")
        gate.do("call", to="sip:1@story.example")
        await home["per-phone"].expect("incoming", seconds=killed + 5.0 - time.monotonic())
        registrations = [event for event in home["per-phone"].log if event["event"] == "registration"]
        assert len(registrations) == 1
        ended = await home["ola-phone"].expect("state", state="DISCONNECTED", call=0, seconds=10)
        assert ended["ns"] - ringing["ns"] < 8e9

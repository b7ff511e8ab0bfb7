"""The PBX dies in the middle of a ring and is back (Done when 3)."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, House, house
from tests.support.baresip import Line, baresip
from tests.support.sound import write_tone

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


async def written(home: House, bindings: int) -> None:
    """Wait until the registrations stand in the database, as they must within 200 ms."""
    database = sqlite3.connect(f"file:{home.scratch}/pbx.db?mode=ro", uri=True)
    try:
        async with asyncio.timeout(20):
            while database.execute("select count(*) from binding").fetchone() != (bindings,):
                await asyncio.sleep(0.02)
    finally:
        database.close()


async def test_killed_while_ringing_it_is_back_and_nobody_need_register_again(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The seconds are recorded: 5 until the next call rings are promised."""
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
        await home["per-phone"].expect("incoming")
        record_property("seconds from the kill to the next ring", time.monotonic() - killed)
        registrations = [event for event in home["per-phone"].log if event["event"] == "registration"]
        assert len(registrations) == 1
        ended = await home["ola-phone"].expect("state", state="DISCONNECTED", call=0)
        record_property("seconds from the kill to silence", ended["ns"] / 1e9 - killed)


async def test_whatever_rings_stops_when_the_pbx_is_killed_for_good(tmp_path: Path) -> None:
    write_tone(str(tmp_path / "kari.wav"), 700.0)
    async with house(tmp_path, "ola-phone") as home:
        secret = home.doorline.secrets[SITE, "kari-phone"]
        line = Line("kari-phone", SITE, secret, home.doorline.server())
        async with baresip(tmp_path, line, tone=tmp_path / "kari.wav") as kari:
            await kari.registered()
            home.tap("1")
            await kari.expect("CALL_INCOMING")
            await home["ola-phone"].expect("incoming")
            pbx = home.doorline.pbx
            assert pbx is not None
            companions = children(pbx.process.pid)
            pbx.process.send_signal(signal.SIGKILL)
            await pbx.process.wait()
            cancel = await home["ola-phone"].find(
                lambda event: event.get("text", "").startswith("CANCEL"), 10.0, "CANCEL"
            )
            assert 'Reason: Q.850;cause=41;text="Temporary failure"' in cancel["text"]
            await home["ola-phone"].disconnected()
            await kari.expect("CALL_CLOSED")
            await gone(companions)


async def test_an_orderly_end_leaves_no_process_behind(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone") as home:
        home.tap("ola")
        await home["ola-phone"].expect("incoming")
        pbx = home.doorline.pbx
        assert pbx is not None
        companions = children(pbx.process.pid)
        assert companions
        pbx.process.send_signal(signal.SIGTERM)
        await pbx.process.wait()
        assert not [pid for pid in companions if alive(pid)]
        await home["ola-phone"].disconnected()


def children(pid: int) -> list[int]:
    """Processes started by that one."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    """Whether a process still runs."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def gone(pids: list[int]) -> None:
    """Wait until none of these processes runs."""
    async with asyncio.timeout(20):
        while any(alive(pid) for pid in pids):
            await asyncio.sleep(0.02)

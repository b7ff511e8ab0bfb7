"""The PBX is replaced while people talk: talks end by themselves, nobody new comes in, then it stops."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, house

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]


async def test_a_talk_outlives_the_order_to_stop(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", "ola-phone", CALLS__DRAIN_SECONDS="30") as one:
        panel = one.tap("kari")
        await one["kari-phone"].expect("incoming")
        one["kari-phone"].do("answer")
        await panel.confirmed()
        pbx = one.doorline.pbx
        assert pbx is not None
        pbx.process.send_signal(signal.SIGTERM)
        await pbx.says("1 calls go on")
        after = len(one["ola-phone"].log)
        one["ola-phone"].do("call", to=f"sip:kari@{SITE}")
        await one["ola-phone"].find(lambda e: e.get("code") == 503, 5.0, "503", after=after)
        assert await panel.hears(700)
        one["kari-phone"].do("hangup")
        await panel.disconnected()
        async with asyncio.timeout(10):
            assert await pbx.process.wait() == 0

"""What the metrics count during a load is what SIPp counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.bench.calls import CALLERS, CHALLENGED, Party
from tests.bench.servers import Server, doorline
from tests.bench.sipp import Sipp
from tests.support.peers import need
from tests.support.ports import free_port

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


async def metrics(server: Server) -> dict[str, float]:
    """Every sample by its name and labels, after "doorline_"."""
    assert server.system is not None
    async with (
        ClientSession() as web,
        web.get(f"http://127.0.0.1:{server.system.http}/metrics") as answer,
    ):
        text = await answer.text()
    found = re.findall(r"^doorline_(\S+(?:\{[^}]*\})?) (\S+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


async def test_metrics_during_a_load_equal_what_the_caller_counted(tmp_path: Path) -> None:
    async with doorline(tmp_path, phones=3 * CALLERS) as server:
        party = Party(server, Sipp(need("sipp"), tmp_path), [free_port("udp") for _ in range(3)])
        await party.register()
        run = await party.call(CHALLENGED, 20, 5.0)
        told = await metrics(server)
        assert run.counts.good + run.counts.failed == 100
        # A busy machine may make SIPp late; then it gives up calls that the server has carried.
        started, normal = told["facts_calls_started_total"], told['facts_calls_ended_total{reason="normal"}']
        registered = told['facts_registrations_total{kind="new"}']
        if not run.counts.repeated:
            assert run.counts.failed == 0
            assert started == normal == run.counts.good
            assert told["auth_granted_total"] == run.counts.good + registered
        assert started == told["calls_started"] >= run.counts.good
        assert told["facts_legs_answered_total"] >= run.counts.good
        assert told["calls_live"] == 0 or run.counts.repeated

"""Five thousand calls of every fate leave no dialog, transaction, timer, port, socket or thread behind."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from media.engine import MediaSettings
from tests.bench import scenarios
from tests.bench.calls import BY_FLOW, CHALLENGED, DOOR, Kind, Party
from tests.bench.machine import tree
from tests.bench.servers import doorline
from tests.bench.sipp import Sipp, read, telephones
from tests.bench.site import SITE
from tests.support.peers import need
from tests.support.ports import free_port
from tests.support.system import System

CALLS = 5000
RATE = 80
"""Calls a second: about half of what one crowded core of two takes without a repeated message."""

LINGER = 40.0
"""Seconds after which the last transaction is over (RFC 3261 timers: 32), and ports have rested."""

RINGS, ANSWERS, DECLINES = scenarios.only_rings(), scenarios.answers(), scenarios.refuses()

FATES: tuple[tuple[Kind, str, tuple[str, str, str], int], ...] = (
    (CHALLENGED, scenarios.caller(SITE, challenged=True), (ANSWERS, RINGS, RINGS), 30),
    (BY_FLOW, scenarios.caller(SITE, challenged=False), (ANSWERS, RINGS, RINGS), 10),
    (DOOR, scenarios.caller(SITE, challenged=True), (scenarios.answers(100), RINGS, RINGS), 25),
    (CHALLENGED, scenarios.gives_up(SITE, 150), (RINGS, RINGS, RINGS), 10),
    (DOOR, scenarios.gives_up(SITE, 150), (RINGS, RINGS, RINGS), 10),
    (CHALLENGED, scenarios.is_refused(SITE, 603), (DECLINES, RINGS, RINGS), 10),
    (DOOR, scenarios.caller(SITE, challenged=True), (scenarios.answers(100), DECLINES, RINGS), 5),
)
"""Kind of call, what the caller does, what three telephones do, and how many of a hundred."""

ENDED = (
    "sip_client_transactions",
    "sip_server_transactions",
    "sip_sessions",
    "sip_dialogs",
    "sip_merges",
    "sip_timers",
    "calls_live",
    "doors_opening",
    "media_sessions",
    "media_ports_used",
    "ami_channels",
    "transport_testament_entries",
    "transport_tcp_connections",
)
"""What must be nought when nobody calls."""

NO_FAULTS = ("transport_faults", "transport_dead_sends", "media_restarts")


async def metrics(running: System) -> dict[str, float]:
    """Everything the PBX counts, by name without prefix and suffix."""
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{running.http}/metrics") as answer,
    ):
        text = await answer.text()
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            found[name.removeprefix("doorline_").removesuffix("_total")] = float(value)
    return found


async def turned_away(running: System) -> float:
    """Calls that the server refused because it was late (503 with Retry-After)."""
    return next(value for name, value in (await metrics(running)).items() if "turned_away" in name)


def held(pid: int) -> Mapping[int, tuple[int, int]]:
    """Open descriptors and threads of each process of the PBX."""
    return {
        one: (len(os.listdir(f"/proc/{one}/fd")), len(os.listdir(f"/proc/{one}/task"))) for one in tree(pid)
    }


async def run(sipp: Sipp, party: Party, fate: int, ports: list[int], calls: int) -> int:
    """Calls of one fate; every one must end as its scenario says, on all sides. Gives how many failed.

    Only where the machine was so late that messages were repeated, or that the server turned calls away
    for it, may any: SIPp then gives up calls that are in order. They leave nothing behind either.
    """
    assert party.server.system is not None
    before = await turned_away(party.server.system)
    kind, caller, phones, _ = FATES[fate]
    port = party.server.tcp if kind.transport == "tcp" else party.server.udp
    async with telephones(sipp, dict(zip(ports, phones, strict=True))) as files:
        counts = await sipp.calls(
            ("127.0.0.1", port),
            caller,
            party.lines(kind),
            f"{party.called(kind)}@{SITE}",
            RATE,
            calls / RATE,
            port=free_port("udp"),
            transport=kind.transport,
        )
        await asyncio.sleep(0.5)
    heard = [counts, *map(read, files)]
    late = any(each.repeated for each in heard) or await turned_away(party.server.system) > before
    if not late:
        assert not any(each.failed for each in heard), f"fate {fate}: {heard}"
    return counts.failed


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.peer
@pytest.mark.timeout(400)
async def test_five_thousand_calls_leave_nothing_behind(tmp_path: Path) -> None:
    sipp = Sipp(need("sipp"), tmp_path)
    assert shutil.which("taskset") is not None
    ports = [free_port("udp") for _ in range(3)]
    async with doorline(tmp_path, 450) as server:
        assert server.system is not None
        party = Party(server, sipp, ports)
        await party.register()
        for fate in range(len(FATES)):  # whatever is made once and kept is made now
            await run(sipp, party, fate, ports, 20)
        await asyncio.sleep(LINGER)
        before, kept = await metrics(server.system), held(server.pid)
        assert {name: before[name] for name in ENDED} == dict.fromkeys(ENDED, 0.0)
        failed = 0
        for fate, (_, _, _, share) in enumerate(FATES):
            failed += await run(sipp, party, fate, ports, CALLS * share // 100)
        await asyncio.sleep(LINGER)
        after = await metrics(server.system)
        started = after["calls_started"] - before["calls_started"]
        assert CALLS - failed <= started <= CALLS
        assert failed < CALLS // 20
        assert {name: after[name] for name in ENDED} == dict.fromkeys(ENDED, 0.0)
        assert {name: after[name] for name in NO_FAULTS} == dict.fromkeys(NO_FAULTS, 0.0)
        now = held(server.pid)
        assert {pid: threads for pid, (_, threads) in now.items()} == {
            pid: threads for pid, (_, threads) in kept.items()
        }
        # The pool of bound media ports breathes between one and two times its size; nothing else may.
        assert after["media_worker_bound"] <= 2 * MediaSettings().ready_pairs
        pools = [2 * told["media_worker_bound"] for told in (before, after)]
        sockets = [sum(descriptors for descriptors, _ in each.values()) for each in (kept, now)]
        assert sockets[1] - pools[1] <= sockets[0] - pools[0] + 4, f"{kept} became {now}"

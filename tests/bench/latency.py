"""How long the server takes: INVITE to INVITE at half load, a digit's first packet to the door's command."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

from tests.bench.calls import BY_FLOW, CHALLENGED, Kind, Party
from tests.bench.machine import LOAD_CORE, ON_LOAD_CORE, quantile
from tests.bench.servers import Server
from tests.bench.site import BUTTON, CONTROLLER, PANELS, RESIDENTS, SITE, panel, phone
from tests.support.system import ROOT

CALLS = 100
CALLS_PER_SECOND = 50
FIRST = 420
"""Telephones from here on belong to the probe."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Measured seconds. `wanted`: how many there should be; `lost`: audio packets that never came."""

    seconds: list[float]
    wanted: int
    lost: int = 0

    def __str__(self) -> str:
        p50, p99 = quantile(self.seconds, 0.5) * 1e3, quantile(self.seconds, 0.99) * 1e3
        return f"{p50:.2f} / {p99:.2f} ms ({len(self.seconds)} of {self.wanted})"


async def _probe(plan: dict[str, Any], limit: float) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *ON_LOAD_CORE,
        sys.executable,
        "-m",
        "tests.bench.probe",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(json.dumps(plan).encode() + b"\n"), limit)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    result: dict[str, Any] = json.loads(out)
    return result


async def set_up(server: Server, party: Party, rate: int, seconds: float, probes: float = 20.0) -> Ways:
    """INVITE in to INVITE out, while challenged calls come at `rate`."""
    called = phone(FIRST)
    plan = {
        "measure": "set_up",
        "server": server.address,
        "site": SITE,
        "callees": [server.account(called)],
        "call": [*server.account(phone(FIRST + 1)), called],
        "rate": probes,
        "seconds": seconds,
    }
    load = asyncio.create_task(party.call(CHALLENGED, rate, seconds + 1.5)) if rate else None  # noqa: TID251
    await asyncio.sleep(1.0 if rate else 0.0)
    try:
        told = await _probe(plan, seconds + 15)
    finally:
        if load is not None:
            await load
    return Ways(told["ways"], int(probes * seconds))


async def door_command(
    server: Server, party: Party, seconds: float, kind: Kind = BY_FLOW, rate: int = CALLS_PER_SECOND
) -> Ways:
    """The digit's first packet to the MESSAGE at the controller; 100 calls are relayed, others begun at a
    rate."""
    callees = [phone(FIRST + number) for number in range(CALLS - PANELS)]
    calls = [[*server.account(panel(number)), BUTTON] for number in range(PANELS)]
    calls += [[*server.account(phone(number)), called] for number, called in enumerate(callees)]
    plan = {
        "measure": "digits",
        "server": server.address,
        "site": SITE,
        "seconds": seconds,
        "core": LOAD_CORE,
        "callees": [server.account(name) for name in (f"{RESIDENTS[0]}-phone", *callees)],
        "controller": server.account(CONTROLLER),
        "calls": calls,
        "pressing": PANELS,
    }
    probing = asyncio.create_task(_probe(plan, seconds + 30))  # noqa: TID251
    await asyncio.sleep(1.5)
    await party.call(kind, rate, seconds)
    told = await probing
    return Ways(told["ways"], told["commands"], told["lost"])

"""Registrations: CPU of a REGISTER that is challenged and answered, and memory of the contacts they leave."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass

from tests.bench.machine import ON_LOAD_CORE, calibrate, resident
from tests.bench.servers import PHONES, Server
from tests.bench.site import SITE, phone
from tests.support.system import ROOT

WINDOW = 16
PER_DEVICE = 5
FIRST = 500
LINGER = 33.0
"""Seconds until the last transaction of a registration is forgotten (RFC 3261 timer J is 32)."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One run. `cpu`: seconds of the server for one registration; `wall`: of the clock."""

    server: str
    contacts: int
    refused: int
    cpu: float
    wall: float
    calibration: float


async def measure(server: Server, rounds: int, *, contacts: int = 1) -> Registered:
    """Every telephone from `FIRST` on registers `rounds` times; after the first time it is a refresh.

    Those before are called by other measures and must have no contact where nobody answers.
    """
    plan = {
        "server": server.address,
        "site": SITE,
        "rounds": rounds,
        "window": WINDOW,
        "contacts": contacts,
        "accounts": [server.account(phone(number)) for number in range(FIRST, PHONES)],
    }
    calibration, before = calibrate(), server.cpu()
    process = await asyncio.create_subprocess_exec(
        *ON_LOAD_CORE,
        sys.executable,
        "-m",
        "tests.bench.subscribers",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(json.dumps(plan).encode() + b"\n")
    told = json.loads(out)
    total = max(1, told["contacts"])
    return Registered(
        server.name,
        told["contacts"],
        told["refused"],
        (server.cpu() - before) / total,
        told["seconds"] / total,
        calibration,
    )


async def memory(server: Server) -> float:
    """Bytes that 10,000 contacts take in a server that has had the same load before."""
    await measure(server, PER_DEVICE, contacts=1)
    await asyncio.sleep(LINGER)
    before = resident(server.pid)
    told = await measure(server, PER_DEVICE, contacts=PER_DEVICE)
    if told.refused:
        raise RuntimeError(f"{told.refused} registrations refused")
    await asyncio.sleep(LINGER)
    return (resident(server.pid) - before) / ((PHONES - FIRST) * (PER_DEVICE - 1)) * 10_000

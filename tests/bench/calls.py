"""CPU of calls: the same SIPp scenarios through Doorline and its peers, and the highest clean rates."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from time import monotonic

from tests.bench import scenarios
from tests.bench.machine import calibrate
from tests.bench.servers import Server
from tests.bench.sipp import Counts, Sipp, read, telephones
from tests.bench.site import BUTTON, PANELS, RESIDENTS, SITE, panel, phone
from tests.bench.subscribers import register
from tests.support.ports import free_port

CALLERS = 200
STRETCH = 1.3
HIGHEST = 20_000
STARTING = 0.4
LATE = STARTING + 0.2
"""Seconds that SIPp may take beyond a step's own: for its start, for the last call's end, and for luck."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of call. `packets`: messages a call takes at a B2BUA that is not asked twice."""

    name: str
    title: str
    challenged: bool
    transport: str
    forked: bool = False


CHALLENGED = Kind("challenged", "1:1 call, INVITE challenged, UDP", True, "udp")
BY_FLOW = Kind("flow", "1:1 call, caller on a TCP connection that has logged in", False, "tcp")
UNASKED = Kind("unasked", "1:1 call, nobody is asked, UDP", False, "udp")
DOOR = Kind("door", "door call: three ring, one answers after 100 ms, challenged", True, "udp", forked=True)


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run. `cpu`: seconds a call; `late`: seconds that the caller ran behind its rate."""

    kind: Kind
    server: str
    rate: int
    cpu: float
    busy: float
    counts: Counts
    calibration: float
    late: float

    @property
    def kept(self) -> int:
        """Calls a second that were really made, SIPp's own start and end left out."""
        seconds = self.counts.good / self.rate + max(0.0, self.late - STARTING)
        return int(self.counts.good / seconds) if seconds else 0


class Party:
    """A server with its callees registered and SIPp ready to call them."""

    def __init__(self, server: Server, sipp: Sipp, ports: Sequence[int]) -> None:
        self.server = server
        self._sipp = sipp
        self._ports = ports

    async def register(self) -> None:
        """Telephones behind the first port; each resident behind one of the first three."""
        server, answering = self.server, self._ports[0]
        callees = [server.account(phone(CALLERS + number)) for number in range(CALLERS)]
        await asyncio.to_thread(register, answering, server.address, SITE, callees)
        # A proxy has no button that rings three people: there the button is an address with three contacts.
        for port, resident in zip(self._ports, RESIDENTS, strict=True):
            device = f"{resident}-phone" if server.system is not None else BUTTON
            await asyncio.to_thread(register, port, server.address, SITE, [server.account(device)])

    def called(self, kind: Kind) -> str:
        """Whom all callers of a kind call."""
        return BUTTON if kind.forked else phone(CALLERS)

    def lines(self, kind: Kind) -> list[str]:
        """The callers of a kind, for SIPp to take in turns."""
        called = self.called(kind)
        if not kind.challenged and kind.transport == "udp":
            return [f"open;;{called}"]
        if kind.forked:
            users = [panel(number) for number in range(PANELS)]
        else:
            users = [phone(number) for number in range(CALLERS if kind.challenged else 1)]
        lines = []
        for user in users:
            name, secret = self.server.account(user)
            lines.append(f"{name};[authentication username={name} password={secret}];{called}")
        return lines

    @asynccontextmanager
    async def callees(self, kind: Kind) -> AsyncIterator[None]:
        """The telephones that are called; afterwards their own counts are looked at."""
        first, *others = self._ports
        phones = {first: scenarios.answers(100 if kind.forked else 0)}
        if kind.forked:
            phones |= {port: scenarios.only_rings() for port in others}
        async with telephones(self._sipp, phones) as files:
            yield
            await asyncio.sleep(0.3)
        self.heard = [read(file) for file in files]

    async def call(self, kind: Kind, rate: int, seconds: float) -> Run:
        """Calls at a rate, and what a call cost the server."""
        server = self.server
        calibration = calibrate()
        port = server.tcp if kind.transport == "tcp" else server.udp
        text = scenarios.caller(SITE, challenged=kind.challenged)
        async with self.callees(kind):
            before, began = server.cpu(), monotonic()
            counts = await self._sipp.calls(
                ("127.0.0.1", port),
                text,
                self.lines(kind),
                f"{self.called(kind)}@{SITE}",
                rate,
                seconds,
                port=free_port(),  # another each time: a TCP port rests before it can be used again
                transport=kind.transport,
            )
            used, late = server.cpu() - before, monotonic() - began - seconds
        busy = used / (seconds + late)
        return Run(kind, server.name, rate, used / max(1, counts.good), busy, counts, calibration, late)

    def clean(self, run: Run) -> bool:
        """No call failed on either side, next to nothing had to be said twice, and the rate was kept."""
        agree = all(heard.failed == 0 for heard in self.heard)
        return (
            bool(run.counts.good)
            and run.counts.failed == 0
            and agree
            and run.late < LATE
            and run.counts.repeated <= run.counts.good * 0.005 + 1
        )

    async def highest(self, kind: Kind, seconds: float, *, start: int = 200) -> int:
        """The highest clean rate: up in steps while it is clean, one retry each, then once between."""
        best, rate = 0, start
        while rate < HIGHEST:
            if not (kept := await self._kept(kind, rate, seconds)):
                break
            best, rate = kept, int(rate * STRETCH) if best else rate * 2
        if not best:
            return 0
        return max(best, await self._kept(kind, (best + rate) // 2, seconds))

    async def _kept(self, kind: Kind, rate: int, seconds: float) -> int:
        """The rate as it really was; 0 where it was not clean, twice."""
        for _ in range(2):
            run = await self.call(kind, rate, seconds)
            if self.clean(run):
                return run.kept
            await asyncio.sleep(0.5)
        return 0


def ratios(runs: Sequence[Run], kind: Kind, peer: str) -> list[float]:
    """Ours to the peer's, round by round."""
    ours = [run.cpu for run in runs if run.kind is kind and run.server == "doorline"]
    theirs = [run.cpu for run in runs if run.kind is kind and run.server == peer]
    return [one / other for one, other in zip(ours, theirs, strict=False) if other]


def middle(runs: Sequence[Run], kind: Kind, server: str) -> Run | None:
    """The run with the median cost."""
    mine = sorted((run for run in runs if run.kind is kind and run.server == server), key=lambda run: run.cpu)
    return mine[len(mine) // 2] if mine else None


def spread(values: Sequence[float]) -> str:
    """Median and range."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})" if values else "-"

"""`python -m tests.bench`: speed beside a peer, one core for the server, interleaved rounds, a table.

Kamailio here is a mere proxy (no B2BUA, no media, no dial plan), Sippy a B2BUA without registrar, digest
or media.
Ends with 1 when a result is wrong; slow it may be.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import calls as c
from tests.bench import faces, latency, media, overload, registrations, relay
from tests.bench.calls import Kind, Party
from tests.bench.report import Results, summary, table
from tests.bench.servers import Server, doorline, kamailio, sippy
from tests.bench.sipp import Sipp
from tests.support.ports import free_port

PARTS = ("calls", "registrations", "relay", "media", "latency", "memory", "faces")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done. `step`: seconds of one step to the highest rate, 0 leaves that out."""

    rounds: int
    seconds: float
    step: float
    rate: int
    registering: int
    passes: int
    waiting: float


QUICK = Effort(rounds=3, seconds=2.0, step=0.0, rate=100, registering=2, passes=2, waiting=5.0)
FULL = Effort(rounds=4, seconds=4.0, step=2.0, rate=100, registering=5, passes=3, waiting=10.0)


class Bench:
    """All measures on servers that stay up."""

    def __init__(self, effort: Effort, parts: set[str], var: Path, stack: AsyncExitStack) -> None:
        self.effort, self.parts, self._var, self._stack = effort, parts, var, stack
        self.results = Results()
        self._sipp = Sipp(shutil.which("sipp") or "sipp", var)
        self._ports = [free_port("udp") for _ in range(3)]

    async def run(self) -> None:
        """Everything that was asked for."""
        parts, effort = self.parts, self.effort
        if "memory" in parts:
            say("memory of bindings")
            async with doorline(self._var_of("memory")) as server:
                self.results.memory = await registrations.memory(server)
        if not parts & {"calls", "registrations", "latency"}:
            return
        servers = [await self._stack.enter_async_context(doorline(self._var_of("doorline")))]
        if program := shutil.which("kamailio"):
            servers.append(await self._stack.enter_async_context(kamailio(program, self._var_of("kamailio"))))
        if "registrations" in parts:
            for _ in range(effort.rounds):
                for server in servers:
                    self.results.registered.append(await registrations.measure(server, effort.registering))
                    one = self.results.registered[-1]
                    say(
                        f"{one.server:<9} registration {one.cpu * 1e6:7.1f} us  refused {one.refused}  "
                        f"calibration {one.calibration:.1f} ms"
                    )
        parties = {server.name: await self._party(server) for server in servers}
        if "calls" in parts:
            b2bua = await self._stack.enter_async_context(sippy(self._var, self._ports[0]))
            parties["sippy"] = Party(b2bua, self._sipp, self._ports)
            await self._calls(parties)
        if "latency" in parts:
            await self._latency(parties["doorline"])
        if highest := self.results.highest.get((c.CHALLENGED.name, "doorline"), 0):
            party = parties["doorline"]
            self.results.overload = await overload.measure(party.server, party, highest, effort.waiting)
            say(f"twice the highest rate: {self.results.overload}")

    def _var_of(self, name: str) -> Path:
        directory = self._var / name
        directory.mkdir()
        return directory

    async def _party(self, server: Server) -> Party:
        party = Party(server, self._sipp, self._ports)
        await party.register()
        return party

    async def _calls(self, parties: dict[str, Party]) -> None:
        both = ("doorline", "kamailio")
        wanted = [(kind, name) for kind in (c.CHALLENGED, c.BY_FLOW, c.DOOR) for name in both]
        wanted += [(c.UNASKED, "sippy"), (c.UNASKED, "kamailio")]
        wanted = [(kind, name) for kind, name in wanted if name in parties]
        if self.effort.step:
            for kind, name in wanted:
                if kind is c.UNASKED:  # nothing of ours to compare with, and Sippy repeats itself at any rate
                    continue
                rate = await parties[name].highest(kind, self.effort.step)
                self.results.highest[kind.name, name] = rate
                say(f"{name:<9} {kind.name:<11} highest clean rate {rate}/s")
        for _ in range(self.effort.rounds):
            for kind, name in wanted:
                run = await parties[name].call(kind, self.rate(kind), self.effort.seconds)
                self.results.runs.append(run)
                say(summary([run]))

    def rate(self, kind: Kind) -> int:
        """Half of our own highest rate, for every server alike; Sippy's kind beside our own flow's."""
        name = c.BY_FLOW.name if kind is c.UNASKED else kind.name
        highest = self.results.highest.get((name, "doorline"), 0)
        return highest // 2 or self.effort.rate

    async def _latency(self, party: Party) -> None:
        server, effort = party.server, self.effort
        self.results.set_up_rate = self.rate(c.CHALLENGED)
        self.results.set_up = await latency.set_up(server, party, self.results.set_up_rate, effort.waiting)
        say(f"INVITE to INVITE {self.results.set_up}")
        self.results.door = await latency.door_command(server, party, effort.waiting)
        say(f"digit to command {self.results.door}, {self.results.door.lost} audio packets lost")


def say(line: str) -> None:
    """A line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def measured(effort: Effort, parts: set[str]) -> Results:
    """Start, measure, end."""
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as var:
        async with AsyncExitStack() as stack:
            bench = Bench(effort, parts, Path(var), stack)
            await bench.run()
        return bench.results


def main() -> int:
    """Prints the table; 1 when something went wrong that has nothing to do with speed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds, no search for highest rates")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args()
    effort, parts = QUICK if chosen.quick else FULL, set(chosen.only)
    results = asyncio.run(measured(effort, parts))
    if "relay" in parts:
        results.relayed = relay.measure(seconds=3.0 if chosen.quick else 5.0, passes=effort.passes)
        say(relay.table(results.relayed))
    if "media" in parts:
        results.media = media.measure(3.0 if chosen.quick else 5.0, say)
    if "faces" in parts and (found := faces.measure(5 if chosen.quick else faces.VISITS)) is not None:
        results.faces = found
        say(faces.course(found))
    say("\n" + table(results))
    return 1 if results.failed() else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Twice as many calls as the server can take: how many it still carries, and how long a door then takes."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench import latency
from tests.bench.calls import CHALLENGED, Party
from tests.bench.latency import Ways
from tests.bench.servers import Server


@dataclass(frozen=True, slots=True)
class Overload:
    """`peak`, `twice`: calls a second that went well, where `rate` and twice as many were begun.

    `turned_away`: how many of the latter got a 503; `door`: a digit's way to the command meanwhile.
    """

    rate: int
    peak: float
    twice: float
    turned_away: int
    door: Ways

    def __str__(self) -> str:
        share = self.twice / self.peak if self.peak else 0.0
        return f"{self.twice:.0f} of {self.peak:.0f} calls/s ({share:.0%}), {self.turned_away} turned away"


async def measure(server: Server, party: Party, rate: int, seconds: float) -> Overload:
    """Calls at the highest clean rate, then at twice that, then again while doors are opened."""
    carried = []
    for begun in (rate, 2 * rate):
        run = await party.call(CHALLENGED, begun, seconds)
        carried.append(run.counts.good / (seconds + run.late))
    door = await latency.door_command(server, party, seconds, CHALLENGED, 2 * rate)
    return Overload(rate, carried[0], carried[1], run.counts.failed, door)

"""Relay speed: calls of 50 packets a second both ways, our worker and rtpengine in turns on the same core.

`python -m tests.bench.relay` prints the table; `measure()` gives its rows to `make bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import socket
import sys
import time
from dataclasses import dataclass, replace
from statistics import median
from typing import TypedDict

from media.embedded import EmbeddedEngine
from media.engine import Dtmf, Event, MediaSettings
from media.session import Session
from tests.bench.rtpengine import Rtpengine, cpu_seconds
from tests.support.ports import free_port

RELAY_CORE, TRAFFIC_CORE = 0, 1
PRESSING = 20   # phones that press a key once a second


@dataclass(frozen=True, slots=True)
class Pass:
    """One measured run; times in seconds."""

    relay: str
    calls: int
    cpu: float            # share of one core
    per_packet: float
    sent: int
    lost: int
    delay_p50: float
    delay_p99: float
    digit_p50: float = 0.0
    digit_p99: float = 0.0
    digits: str = ""


def describe(port: int) -> bytes:
    """A plain telephone's description."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
             f"m=audio {port} RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000"]
    return ("\r\n".join(lines) + "\r\n").encode()


def phones(count: int) -> list[socket.socket]:
    """Sockets of telephones on loopback."""
    made = []
    for _ in range(count):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        made.append(one)
    return made


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Result(TypedDict):
    """What the traffic process says."""

    sent: int
    received: int
    delays: list[float]
    pressed: list[tuple[int, float]]


async def traffic(
    sockets: list[socket.socket], targets: list[int], digits: list[int], seconds: float
) -> Result:
    """Run the traffic process to its end."""
    fds = [one.fileno() for one in sockets]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.traffic", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, pass_fds=fds,
    )
    plan = {"fds": fds, "targets": targets, "digits": digits, "seconds": seconds, "core": _core(TRAFFIC_CORE)}
    try:
        out, _ = await asyncio.wait_for(process.communicate(json.dumps(plan).encode() + b"\n"), seconds + 20)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    result: Result = json.loads(out)
    return result


def _core(number: int) -> int:
    cores = sorted(os.sched_getaffinity(0))
    return cores[number % len(cores)]


async def _run(
    relay: str, pid: int, sockets: list[socket.socket], targets: list[int], seconds: float, digits: list[int]
) -> tuple[Pass, Result]:
    for thread in os.listdir(f"/proc/{pid}/task"):
        os.sched_setaffinity(int(thread), {_core(RELAY_CORE)})
    before = cpu_seconds(pid)
    result = await traffic(sockets, targets, digits, seconds)
    used = cpu_seconds(pid) - before
    sent, delays = result["sent"], result["delays"]
    return Pass(
        relay, len(sockets) // 2, used / seconds, used / max(sent, 1), sent, sent - result["received"],
        quantile(delays, 0.5), quantile(delays, 0.99),
    ), result


async def doorline(calls: int, seconds: float, *, pressing: int = 0) -> Pass:
    """Our worker; with `pressing`, so many phones press keys and their way to the control side is timed."""
    came: dict[str, list[float]] = {}

    def note(event: Event) -> None:
        if isinstance(event, Dtmf):
            came.setdefault(event.call, []).append(time.monotonic())

    engine = EmbeddedEngine(MediaSettings(port_low=20_000, port_high=29_999, ready_pairs=2 * calls), note)
    sockets = phones(2 * calls)
    try:
        await engine.start()
        targets: list[int] = []
        for number in range(calls):
            a, b = (one.getsockname()[1] for one in sockets[2 * number : 2 * number + 2])
            targets.extend(_open(engine.open(str(number)), a, b))
        result, said = await _run(
            "doorline", engine.pids()[0], sockets, targets, seconds, list(range(1, 2 * pressing, 2))
        )
    finally:
        await engine.stop()
        for one in sockets:
            one.close()
    if not pressing:
        return result
    ways: list[float] = []
    for place, moment in said["pressed"]:
        answer = next((at for at in came.get(str(place // 2), []) if at > moment), None)
        if answer is not None and answer - moment < 0.5:
            ways.append(answer - moment)
    return replace(
        result, relay="doorline + keys", digit_p50=quantile(ways, 0.5), digit_p99=quantile(ways, 0.99),
        digits=f"{len(ways)} of {len(said['pressed'])}",
    )


def _open(session: Session, a: int, b: int) -> tuple[int, int]:
    session.receive_offer("a", describe(a), source="127.0.0.1")
    offer = session.offer("b", like="a", toward="127.0.0.1")
    session.receive_answer("b", describe(b), source="127.0.0.1")
    answer = session.answer("a", like="b")
    session.connect("a", "b")
    session.listen_digits("b", True)
    to_a, to_b = (int(sdp.partition(b"m=audio ")[2].split(b" ", 1)[0]) for sdp in (answer, offer))
    return to_a, to_b


async def rtpengine(program: str, calls: int, seconds: float) -> Pass:
    """rtpengine, one thread, in user space."""
    engine = Rtpengine(program, free_port("udp"))
    sockets = phones(2 * calls)
    try:
        await engine.start()
        targets: list[int] = []
        for number in range(calls):
            a, b = (one.getsockname()[1] for one in sockets[2 * number : 2 * number + 2])
            targets.extend(engine.open(str(number), describe(a), describe(b)))
        result, _ = await _run("rtpengine", engine.pid, sockets, targets, seconds, [])
    finally:
        await engine.stop()
        for one in sockets:
            one.close()
    return result


def measure(calls: int = 100, seconds: float = 5.0, passes: int = 3) -> list[Pass]:
    """Interleaved passes of each relay, and of ours with keys pressed."""
    program = shutil.which("rtpengine")
    rows: list[Pass] = []
    for _ in range(passes):
        rows.append(asyncio.run(doorline(calls, seconds)))
        if program is not None:
            rows.append(asyncio.run(rtpengine(program, calls, seconds)))
        rows.append(asyncio.run(doorline(calls, seconds, pressing=PRESSING)))
    return rows


def table(rows: list[Pass]) -> str:
    """Medians per relay, and the ratio of ours to rtpengine's pass by pass."""
    lines = ["relay             calls  core %  us/packet  lost   delay p50/p99 ms   key p50/p99 ms"]
    for relay in dict.fromkeys(row.relay for row in rows):
        mine = [row for row in rows if row.relay == relay]
        middle = {name: median(getattr(row, name) for row in mine) for name in (
            "cpu", "per_packet", "delay_p50", "delay_p99", "digit_p50", "digit_p99")}
        keys = f"{middle['digit_p50'] * 1e3:6.2f} /{middle['digit_p99'] * 1e3:5.2f} ({mine[-1].digits})"
        delay = f"{middle['delay_p50'] * 1e3:8.2f} /{middle['delay_p99'] * 1e3:6.2f}"
        lines.append(
            f"{relay:<17} {mine[0].calls:5d} {middle['cpu'] * 100:7.1f} {middle['per_packet'] * 1e6:9.2f} "
            f"{sum(row.lost for row in mine):6d} {delay}   {keys if mine[0].digits else ''}"
        )
    ours = [row.per_packet for row in rows if row.relay == "doorline"]
    theirs = [row.per_packet for row in rows if row.relay == "rtpengine"]
    if theirs:
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        spread = f"({min(ratios):.2f}-{max(ratios):.2f})"
        lines.append(f"CPU per packet, ours / rtpengine: {median(ratios):.2f} {spread}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--passes", type=int, default=3)
    chosen = parser.parse_args()
    print(table(measure(chosen.calls, chosen.seconds, chosen.passes)))


if __name__ == "__main__":
    main()

"""Video calls between plain panels and browsers (DTLS-SRTP) on one core: loss, added delay, CPU a packet.

A call is 25 pictures of 5 packets and 50 packets of sound from the panel, 50 of sound from the browser, each
second. `python -m tests.bench.video` prints the table; `measure()` gives its rows to `make bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import select
import socket
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media import rtp
from media.embedded import EmbeddedEngine
from media.engine import MediaSettings
from media.session import Session
from media.srtp import AES_128_GCM, Protection
from tests.bench.machine import LOAD_CORE, SERVER_CORE, quantile
from tests.bench.relay import phones
from tests.bench.rtpengine import cpu_seconds
from tests.media import offers
from tests.media.webpeer import WebPeer

CALLS = (100, 200, 300)
SHAKE_TRIES = 40
LATE = 0.05
"""Seconds: a load that was later than this at some moment says nothing about the relay's limit."""


@dataclass(frozen=True, slots=True)
class VideoPass:
    """One measured run; times in seconds, `cpu` the share of a core, `per_packet` for each that came in."""

    calls: int
    cpu: float
    per_packet: float
    sent: int
    lost: int
    delay_p50: float
    delay_p99: float
    late: float = 0.0   # how far behind its time the load was at worst


@dataclass(slots=True)
class Party:
    """One call's far ends, and where each sends to."""

    panel: list[socket.socket]
    browser: WebPeer
    targets: list[int]
    ssrc: int


def _answer(offer: str, peer: WebPeer) -> bytes:
    """A browser's answer to our offer: all of it, and a picture it does not send."""
    hash_name, value = peer.client.fingerprints[0]
    lines = []
    for line in offer.splitlines():
        name = line.partition(":")[0]
        if name in ("a=candidate", "a=ssrc", "a=ice-lite", "a=end-of-candidates"):
            continue
        line = {
            "a=setup": "a=setup:active", "a=ice-ufrag": f"a=ice-ufrag:{peer.remote}",
            "a=ice-pwd": "a=ice-pwd:" + "p" * 24, "a=fingerprint": f"a=fingerprint:{hash_name} {value}",
            "a=sendonly": "a=recvonly",
        }.get(name, line)
        lines.append(line)
    return ("\r\n".join(lines) + "\r\n").encode()


def _begin(session: Session) -> Party:
    """A panel's call that a browser has answered, before its handshake."""
    panel = phones(2)
    audio, video = (one.getsockname()[1] for one in panel)
    session.receive_offer("a", offers.video_phone(audio, video), source="127.0.0.1", role="panel")
    offer = session.offer("b", like="a", role="app", toward="127.0.0.1", profile="webrtc").decode()
    found = {name: re.findall(rf"^a={name}:(\S+)", offer, re.M) for name in ("ice-ufrag", "ice-pwd", "ssrc")}
    port = int(re.findall(r"^a=candidate:\S+ 1 udp \d+ \S+ (\d+)", offer, re.M | re.I)[0])
    peer = WebPeer(lambda: None, port, found["ice-ufrag"][0], found["ice-pwd"][0])
    peer.turn = lambda: _wait(peer)
    session.receive_answer("b", _answer(offer, peer), source="127.0.0.1")
    told = session.answer("a", like="b")
    session.connect("a", "b")
    targets = [offers.port_of(told), offers.port_of(told, "video"), port]
    return Party(panel, peer, targets, int(found["ssrc"][-1]))


def _wait(peer: WebPeer) -> None:
    select.select([peer.socket], [], [], 0.25)


def _shake(peer: WebPeer) -> None:
    """Check and shake hands with the worker, which is another process."""
    for _ in range(SHAKE_TRIES):
        if peer.check():
            break
    sent = peer.client.step()
    for _ in range(SHAKE_TRIES):
        for datagram in sent or peer.client.packed():
            peer.send(datagram)
        sent = peer.client.step(*[one for one in peer.received() if 20 <= one[0] < 64])
        if peer.client.done:
            break
    peer.protection = Protection(peer.client.keys(AES_128_GCM))


def _speech(parties: Sequence[Party], seconds: float, file: Path) -> None:
    """What the browsers will say, protected now."""
    each = round(50 * seconds) + 50
    with file.open("wb") as out:
        out.write(each.to_bytes(4, "big"))
        for party in parties:
            assert party.browser.protection is not None
            for number in range(each):
                plain = rtp.build(8, number & 0xFFFF, 160 * number, 3, bytes(160))
                data = party.browser.protection.protect(plain)
                out.write(len(data).to_bytes(2, "big") + data)


async def _traffic(parties: Sequence[Party], seconds: float) -> dict[str, list[float] | int]:
    """Run the traffic process to its end."""
    sockets = [[*party.panel, party.browser.socket] for party in parties]
    rows = [
        [*(one.fileno() for one in three), *party.targets, party.ssrc]
        for three, party in zip(sockets, parties, strict=True)
    ]
    with tempfile.NamedTemporaryFile(suffix=".rtp") as file:
        _speech(parties, seconds, Path(file.name))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.videotraffic", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, pass_fds=[fd for row in rows for fd in row[:3]],
        )
        plan = {"calls": rows, "file": file.name, "seconds": seconds, "core": LOAD_CORE}
        try:
            out, _ = await asyncio.wait_for(process.communicate(json.dumps(plan).encode() + b"\n"), 60)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    result: dict[str, list[float] | int] = json.loads(out)
    return result


async def run(calls: int, seconds: float) -> VideoPass:
    """So many calls at once on one worker, pinned to the server's core."""
    settings = MediaSettings(
        port_low=20_000, port_high=29_999, bind_address="127.0.0.1", ready_pairs=2 * calls + 16
    )
    engine, parties = EmbeddedEngine(settings), list[Party]()
    try:
        await engine.start()
        for number in range(calls):
            while engine.stats()["ports_ready"] < 4:
                await asyncio.sleep(0.01)
            parties.append(_begin(engine.open(str(number))))
            await asyncio.sleep(0)   # the worker is told
            _shake(parties[-1].browser)
        pid = engine.pids()[0]
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), {SERVER_CORE})
        before = cpu_seconds(pid)
        told = await _traffic(parties, seconds)
        used = cpu_seconds(pid) - before
    finally:
        await engine.stop()
        for party in parties:
            for one in (*party.panel, party.browser.socket):
                one.close()
    sent, came, delays = told["sent"], told["came"], told["delays"]
    assert isinstance(sent, int) and isinstance(came, int) and isinstance(delays, list)
    p50, p99 = quantile(delays, 0.5), quantile(delays, 0.99)
    late = float(told["late"])   # type: ignore[arg-type]
    return VideoPass(calls, used / seconds, used / max(1, sent), sent, sent - came, p50, p99, late)


def measure(seconds: float = 4.0, calls: Sequence[int] = CALLS) -> list[VideoPass]:
    """One run for each number of calls."""
    return [asyncio.run(run(count, seconds)) for count in calls]


def table(rows: Sequence[VideoPass]) -> str:
    """The rows as text."""
    lines = ["video calls   core %  us/packet     sent    lost   delay p50/p99 ms"]
    lines += [
        f"{row.calls:11d} {row.cpu * 100:8.1f} {row.per_packet * 1e6:10.2f} {row.sent:8d} {row.lost:7d} "
        f"{row.delay_p50 * 1e3:8.2f} /{row.delay_p99 * 1e3:7.2f}"
        + (f"   load {row.late * 1e3:.0f} ms late" if row.late > LATE else "")
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Entry of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=list(CALLS))
    parser.add_argument("--seconds", type=float, default=4.0)
    chosen = parser.parse_args()
    print(table(measure(chosen.seconds, chosen.calls)))


if __name__ == "__main__":
    main()

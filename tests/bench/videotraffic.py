"""Many video calls' media in one process: panels that film, browsers that look and talk; measures what comes.

Started by tests.bench.video with inherited sockets; reads its plan as one JSON line, writes one as result.
A browser's packets were protected beforehand, and what it gets is not opened: its place in the stream is in
the clear, and the time at which that packet left the panel is known here.
"""

from __future__ import annotations

import gc
import json
import os
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STEP = 0.02
PIECES, SIZE = 5, 1000   # packets of a picture, bytes of each
PICTURES_A_GOP = 50
_HEAD = struct.Struct("!BBHII")


@dataclass(slots=True)
class Call:
    """One call's sockets, its numbering as the browser sees it, and when each video packet left."""

    audio: socket.socket
    video: socket.socket
    browser: socket.socket
    ssrc: int
    spoken: list[bytes]
    base: int = -1
    left: list[float] = field(default_factory=list)


class Traffic:
    """Plan: calls [[fd, fd, fd, at_audio, at_video, at_web, video ssrc]], file, seconds, core."""

    def __init__(self, plan: dict[str, Any]) -> None:
        spoken = _spoken(Path(plan["file"]), len(plan["calls"]))
        self.calls: list[Call] = []
        self._epoll = select.epoll()
        self._what: dict[int, tuple[Call, bool]] = {}
        for row, packets in zip(plan["calls"], spoken, strict=True):
            made = [socket.socket(fileno=fd) for fd in row[:3]]
            for one, target in zip(made, row[3:6], strict=True):
                one.setblocking(False)
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
                one.connect(("127.0.0.1", target))
            call = Call(made[0], made[1], made[2], ssrc=row[6], spoken=packets)
            self.calls.append(call)
            for one in (call.audio, call.browser):
                self._what[one.fileno()] = (call, one is call.browser)
                self._epoll.register(one.fileno(), select.EPOLLIN)
        self.seconds = float(plan["seconds"])
        self.sent = self.came = self.blocked = 0
        self.late = 0.0
        self.delays: list[float] = []

    def run(self) -> None:
        """Each call has its own place within every 20 ms; read between them."""
        count = len(self.calls)
        due = time.monotonic() + 0.05
        end, turn = due + self.seconds, 0
        while due < end:
            now = time.monotonic()
            self.late = max(self.late, now - due)
            while due <= now and due < end:
                self._speak(self.calls[turn % count], turn // count)
                turn += 1
                due += STEP / count
            self._read(0.0003)
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            self._read(0.02)

    def _speak(self, call: Call, number: int) -> None:
        self._send(call.audio, _HEAD.pack(0x80, 8, number & 0xFFFF, 160 * number, 1) + bytes(160))
        self._send(call.browser, call.spoken[number % len(call.spoken)])
        if number % 2:
            return
        picture = number // 2
        kind = b"\x65\x88" if picture % PICTURES_A_GOP == 0 else b"\x41\x9a"
        for piece in range(PIECES):
            first = kind if piece == 0 else kind[:1] + b"\x00"   # first_mb_in_slice: only the first opens
            mark = 0x80 if piece == PIECES - 1 else 0
            head = _HEAD.pack(0x80, 97 | mark, (PIECES * picture + piece) & 0xFFFF, 3600 * picture, 2)
            call.left.append(time.monotonic())
            self._send(call.video, head + first + bytes(SIZE - 2))

    def _send(self, one: socket.socket, data: bytes) -> None:
        try:
            one.send(data)
            self.sent += 1
        except OSError:
            self.blocked += 1

    def _read(self, seconds: float) -> None:
        for fd, _ in self._epoll.poll(seconds, 512):
            call, web = self._what[fd]
            one = call.browser if web else call.audio
            while True:
                try:
                    data = one.recv(2048)
                except OSError:
                    break
                self._take(call, data, web)

    def _take(self, call: Call, data: bytes, web: bool) -> None:
        if len(data) < 100 or data[0] < 128 or 192 <= data[1] <= 223:
            return   # checks, reports
        self.came += 1
        if not web or int.from_bytes(data[8:12], "big") != call.ssrc:
            return
        sequence = data[2] << 8 | data[3]
        if call.base < 0:
            call.base = sequence
        place = (sequence - call.base) & 0xFFFF
        if place < len(call.left):
            self.delays.append(time.monotonic() - call.left[place])


def _spoken(file: Path, calls: int) -> list[list[bytes]]:
    """Each browser's packets: lengths and bytes, one browser after the other."""
    data, at, found = file.read_bytes(), 4, []
    each = int.from_bytes(data[:4], "big")
    for _ in range(calls):
        packets = []
        for _ in range(each):
            size = data[at] << 8 | data[at + 1]
            packets.append(data[at + 2 : at + 2 + size])
            at += 2 + size
        found.append(packets)
    return found


def main() -> None:
    """Entry of the process."""
    plan = json.loads(sys.stdin.readline())
    os.sched_setaffinity(0, {plan["core"]})
    traffic = Traffic(plan)
    gc.collect()
    gc.freeze()
    traffic.run()
    told = {"sent": traffic.sent, "came": traffic.came, "blocked": traffic.blocked, "late": traffic.late}
    print(json.dumps({**told, "delays": traffic.delays[::5]}))


if __name__ == "__main__":
    main()

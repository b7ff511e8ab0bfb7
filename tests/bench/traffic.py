"""Many telephones' media in one process: sends audio, 50 packets a second each, and measures what comes.

Started by tests.bench.relay with inherited sockets; reads its plan as one JSON line, writes one as result.
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

STEP = 0.02
DIGIT_PACKETS = 8
_STAMP = struct.Struct("!d")


class Traffic:
    """Plan: fds, targets (ports on loopback), seconds, digits (phones that press keys), core, period (packets
    from press to press, 50 if not given)."""

    def __init__(self, plan: dict[str, list[int]], seconds: float, period: int = 50) -> None:
        self._phones = [socket.socket(fileno=fd) for fd in plan["fds"]]
        for phone, target in zip(self._phones, plan["targets"], strict=True):
            phone.setblocking(False)
            phone.connect(("127.0.0.1", target))
        self._digits = plan["digits"]
        self._seconds = seconds
        self._period = period
        self._epoll = select.epoll()
        self._by_fd = {phone.fileno(): phone for phone in self._phones}
        for fd in self._by_fd:
            self._epoll.register(fd, select.EPOLLIN)
        self.sent = self.received = self.blocked = 0
        self.delays: list[float] = []
        self.pressed: list[tuple[int, float]] = []

    def run(self) -> None:
        """Send evenly spread over each 20 ms, read between the packets."""
        count = len(self._phones)
        heads = [struct.pack("!BBHII", 0x80, 0, 0, 0, place + 1) for place in range(count)]
        due = time.monotonic() + 0.05
        end, turn = due + self._seconds, 0
        while due < end:
            now = time.monotonic()
            while due <= now:
                place, number = turn % count, turn // count
                self._send(place, number, heads[place])
                turn += 1
                due += STEP / count
            self._read(0.0003)
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            self._read(0.02)

    def _send(self, place: int, number: int, head: bytes) -> None:
        phone = self._phones[place]
        head = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160, place + 1)
        try:
            phone.send(head + _STAMP.pack(time.monotonic()) + bytes(152))
            self.sent += 1
        except OSError:
            self.blocked += 1
        # Every phone that presses does so at its own moment, by default once a second, for 160 ms.
        if place in self._digits:
            phase = (number + 7 * place) % self._period
            if phase < DIGIT_PACKETS:
                self._press(phone, place, number, phase)

    def _press(self, phone: socket.socket, place: int, number: int, phase: int) -> None:
        began = (number - phase) * 160
        if began < 0:
            return
        second = 101 | (0x80 if phase == 0 else 0)
        end = 0x80 if phase == DIGIT_PACKETS - 1 else 0
        packet = struct.pack("!BBHII", 0x80, second, (30_000 + number) & 0xFFFF, began, place + 100_000)
        packet += bytes((5, 10 | end)) + (160 * (phase + 1)).to_bytes(2, "big")
        if phase == 0:
            self.pressed.append((place, time.monotonic()))
        try:
            phone.send(packet)
        except OSError:
            self.blocked += 1

    def _read(self, seconds: float) -> None:
        clock, delays, unpack = time.monotonic, self.delays, _STAMP.unpack_from
        for fd, _ in self._epoll.poll(seconds, 512):
            try:
                data = self._by_fd[fd].recv(2048)
            except OSError:
                continue
            if len(data) == 172:
                self.received += 1
                if self.received % 8 == 0:
                    delays.append(clock() - unpack(data, 12)[0])


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    os.sched_setaffinity(0, {plan["core"]})
    traffic = Traffic(plan, plan["seconds"], plan.get("period", 50))
    gc.collect()
    gc.freeze()
    traffic.run()
    print(json.dumps({
        "sent": traffic.sent, "received": traffic.received, "blocked": traffic.blocked,
        "delays": traffic.delays, "pressed": traffic.pressed,
    }))


if __name__ == "__main__":
    main()

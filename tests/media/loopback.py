"""A relay and telephones on loopback: a sent datagram is there at once, so nothing has to be waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from media import rtp
from media.engine import MediaSettings
from media.orders import Order
from media.relay import Relay

FIRST = 61_000 + os.getpid() % 4 * 1000
"""Above the ports that the kernel gives away, and another thousand for every test process."""

SETTINGS = MediaSettings(port_low=FIRST, port_high=FIRST + 199, bind_address="127.0.0.1", ready_pairs=8)


class Phone:
    """RTP and RTCP sockets of one telephone."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.rtp, self.rtcp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for one in (self.rtp, self.rtcp):
            one.bind((address, 0))
            one.setblocking(False)

    @property
    def port(self) -> int:
        return int(self.rtp.getsockname()[1])

    @property
    def rtcp_port(self) -> int:
        return int(self.rtcp.getsockname()[1])

    def send(self, port: int, data: bytes) -> None:
        self.rtp.sendto(data, ("127.0.0.1", port))

    def received(self) -> list[bytes]:
        """Everything that has come by RTP."""
        return _all(self.rtp)

    def reports(self) -> list[bytes]:
        """Everything that has come by RTCP."""
        return _all(self.rtcp)

    def close(self) -> None:
        self.rtp.close()
        self.rtcp.close()


def _all(one: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(one.recv(4096))
        except BlockingIOError:
            return found


class Exchange:
    """A relay, what it reported, and the telephones it was told of."""

    def __init__(self, settings: MediaSettings = SETTINGS) -> None:
        self.said: list[Order] = []
        self.relay = Relay(settings, range(settings.port_low, settings.port_high, 2), self.said.append)
        self.relay.obey(["bind", settings.ready_pairs])
        self.ports: list[int] = list(self.said.pop()[1])
        self.phones: list[Phone] = []

    def phone(self, address: str = "127.0.0.1") -> Phone:
        self.phones.append(Phone(address))
        return self.phones[-1]

    def serve(
        self,
        phone: Phone,
        port: int,
        *,
        kind: str = "audio",
        expected: tuple[str, ...] = ("127.0.0.1",),
        **other: Any,
    ) -> int:
        """Tell the relay that `port` is for this phone, as its description would."""
        about = {
            "kind": kind,
            "panel": False,
            "expected": list(expected),
            "rtp": ["127.0.0.1", phone.port],
            "rtcp": ["127.0.0.1", phone.rtcp_port],
            "sends": True,
            "events": [[101, 8000]],
        }
        self.relay.obey(["serve", port, {**about, **other}])
        return port

    def pair(self, **other: Any) -> tuple[Phone, int, Phone, int]:
        """Two phones joined both ways: phone, its port of ours, phone, its port of ours."""
        a, b = self.phone(), self.phone()
        at_a, at_b = self.serve(a, self.ports.pop(), **other), self.serve(b, self.ports.pop(), **other)
        self.relay.obey(["join", at_a, at_b, [[0, 0], [8, 8], [101, 101]]])
        self.relay.obey(["join", at_b, at_a, [[0, 0], [8, 8], [101, 101]]])
        return a, at_a, b, at_b

    def close_phones(self) -> None:
        for phone in self.phones:
            phone.close()

    def run(self) -> None:
        """Serve everything that has arrived."""
        for _ in range(20):
            self.relay.poller.turn()

    def events(self, verb: str) -> list[Order]:
        return [order for order in self.said if order[0] == verb]

    def counted(self, port: int) -> dict[str, int]:
        """Free a port and see what it counted."""
        self.relay.obey(["free", port])
        names = ("packets", "octets", "lost", "strangers", "dropped")
        return dict(zip(names, self.events("counted")[-1][2:], strict=True))


@contextmanager
def exchange(settings: MediaSettings = SETTINGS, *, prompts: str = "") -> Iterator[Exchange]:
    """An exchange whose sockets are closed in the end; `prompts` is the folder of what it can play."""
    with ExitStack() as stack:
        made = Exchange(replace(settings, prompts=prompts))
        stack.callback(made.relay.close)
        stack.callback(made.close_phones)
        yield made


def audio(sequence: int, *, payload_type: int = 0, ssrc: int = 1) -> bytes:
    """A packet of 20 ms."""
    return rtp.build(payload_type, sequence, 160 * sequence, ssrc, bytes(160))


def key(digit: int, *, step: int = 1, timestamp: int = 1600, ssrc: int = 1) -> bytes:
    """The packet of a pressed key after so many steps of 20 ms."""
    payload = bytes((digit, 10)) + (160 * step).to_bytes(2, "big")
    return rtp.build(101, 500 + step, timestamp, ssrc, payload, marker=step == 1)

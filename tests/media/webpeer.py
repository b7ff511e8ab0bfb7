"""A WebRTC peer for tests, made of bytes: it checks, shakes hands and speaks SRTP over a real socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from media import stun
from media.framing import Frames, frame
from media.srtp import AES_128_GCM, Protection, Suite
from tests.media.handshakes import Client


class WebPeer:
    """One peer of a gate at `port` on loopback. `turn` lets the relay work between sending and receiving."""

    def __init__(
        self, turn: Callable[[], None], port: int, ufrag: str, password: str, *, tcp: bool = False
    ) -> None:
        self.turn, self.port = turn, port
        self.ufrag, self.password = ufrag, password
        self.remote = "them"
        self.client = Client()
        self.tcp = tcp
        self.frames = Frames()
        self.socket = self._socket()
        self.protection: Protection | None = None

    def _socket(self) -> socket.socket:
        kind = socket.SOCK_STREAM if self.tcp else socket.SOCK_DGRAM
        one = socket.socket(socket.AF_INET, kind)
        if self.tcp:
            one.connect(("127.0.0.1", self.port))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            one.bind(("127.0.0.1", 0))
        one.setblocking(False)
        return one

    def move(self) -> None:
        """Go on from another port."""
        self.socket.close()
        self.socket = self._socket()

    @property
    def address(self) -> tuple[str, int]:
        name: tuple[str, int] = self.socket.getsockname()
        return name

    def send(self, data: bytes) -> None:
        if self.tcp:
            self.socket.sendall(frame(data))
        else:
            self.socket.sendto(data, ("127.0.0.1", self.port))

    def received(self) -> list[bytes]:
        """Everything that has come, after the relay has worked."""
        self.turn()
        found: list[bytes] = []
        while True:
            try:
                data = self.socket.recv(65_536)
            except (BlockingIOError, ConnectionError):
                return found
            if not data:
                return found
            found += self.frames.feed(data) if self.tcp else [data]

    def check(self, *, nominate: bool = True, key: str = "") -> list[bytes]:
        """Make one connectivity check; the answers."""
        attributes = [(stun.USERNAME, f"{self.ufrag}:{self.remote}".encode())]
        if nominate:
            attributes.append((stun.USE_CANDIDATE, b""))
        message = stun.Message(stun.BINDING_REQUEST, os.urandom(12), tuple(attributes))
        self.send(stun.build(message, (key or self.password).encode()))
        return self.received()

    def shake(self, suite: Suite = AES_128_GCM) -> None:
        """Check and shake hands until there are keys."""
        self.check()
        sent = self.client.step()
        for _ in range(8):
            for datagram in sent:
                self.send(datagram)
            sent = self.client.step(*[one for one in self.received() if 20 <= one[0] < 64])
        assert self.client.done
        self.protection = Protection(self.client.keys(suite))

    def say(self, packet: bytes) -> None:
        """Send RTP, protected."""
        assert self.protection is not None
        self.send(self.protection.protect(packet))

    def heard(self) -> list[bytes]:
        """RTP that has come, opened; what does not open is b""."""
        assert self.protection is not None
        return [
            self.protection.unprotect(one)
            for one in self.received()
            if one[0] >= 128 and not 192 <= one[1] <= 223
        ]

    def close(self) -> None:
        self.socket.close()


def statuses(replies: list[bytes]) -> list[int]:
    """Types of the STUN messages among them."""
    return [message.type for one in replies if (message := stun.parse(one)) is not None]

"""Ways to a WebRTC peer: a UDP address, or a connection it made to us (RFC 6544)."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from media.framing import Frames, frame

if TYPE_CHECKING:
    from media.gate import Gate

Address = tuple[str, int]
_SIZE = 1 << 16
_FULL = 1 << 18     # bytes waiting for a slow connection: then it is no use any more
_BUSY = 1 << 16     # beyond that, media packets are left out


class UdpPath:
    """An address behind the one UDP socket."""

    __slots__ = ("_sendto", "address")

    def __init__(self, sock: socket.socket, address: Address) -> None:
        self._sendto = sock.sendto
        self.address = address

    def send(self, data: bytes) -> int:
        return self._sendto(data, self.address)


class TcpPath:
    """One connection; `gate` once a check on it was authentic, `on_end` when it is gone."""

    __slots__ = ("_frames", "_on_data", "_on_end", "_pending", "address", "born", "closed", "gate", "socket")

    def __init__(
        self, sock: socket.socket, address: Address, now: float,
        on_data: Callable[[TcpPath, bytes], None], on_end: Callable[[TcpPath], None],
    ) -> None:
        self.socket = sock
        self.address = address
        self.born = now
        self.gate: Gate | None = None
        self.closed = False
        self._on_data, self._on_end = on_data, on_end
        self._frames = Frames()
        self._pending = b""

    @property
    def waiting(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._pending)

    def send(self, data: bytes) -> int:
        waits = len(self._pending)
        if self.closed or waits > _FULL or (waits > _BUSY and data[0] >= 128):
            raise BlockingIOError
        self._pending += frame(data)
        if not waits:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Write what waits."""
        try:
            sent = self.socket.send(self._pending) if self._pending else 0
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        self._pending = self._pending[sent:]

    def readable(self) -> None:
        """Take what came."""
        try:
            data = self.socket.recv(_SIZE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        for datagram in self._frames.feed(data):
            if self.closed:
                return
            self._on_data(self, datagram)
        if self._frames.broken:
            self.close()

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._pending = b""
            self._on_end(self)
            self.socket.close()

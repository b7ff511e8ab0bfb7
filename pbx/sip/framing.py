"""Messages out of a byte stream, and the keep-alives between them (RFC 3261 section 18.3, RFC 5626 section
3.5.1)."""

from __future__ import annotations

from enum import Enum

from .errors import PeerError
from .headers import Headers
from .message import LIMITS, Message, SizeLimits, build, content_length, split_head


class KeepAlive(Enum):
    """A keep-alive seen on a stream; answer ``PING`` with ``PONG_BYTES``."""

    PING = "ping"
    PONG = "pong"


PING_BYTES = b"\r\n\r\n"
PONG_BYTES = b"\r\n"


def is_keep_alive(datagram: bytes) -> bool:
    """Whether a datagram only keeps a NAT open: nothing, line ends, blanks or NULs, as phones send them."""
    return len(datagram) <= 16 and not datagram.strip(b"\r\n\0 \t")


class StreamFramer:
    """Cuts one TCP or TLS connection's bytes into messages.

    ``feed`` returns what is whole by now. When a message is wrong it first returns what came before it and
    raises the ``PeerError`` at the next call; ``waiting`` says that such a call, with no bytes, is worth
    making. An error with ``fatal`` set means that the boundaries are lost: close the connection. After any
    other, feeding may go on.
    """

    __slots__ = ("_buffer", "_fault", "_half", "_head", "_limits", "_need", "_searched")

    def __init__(self, limits: SizeLimits = LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0
        self._head: tuple[str, Headers] | None = None
        self._need = 0
        self._half = False
        self._fault: PeerError | None = None

    @property
    def waiting(self) -> bool:
        """Whether ``feed(b"")`` would raise an error kept back."""
        return self._fault is not None

    @property
    def buffered(self) -> int:
        """Bytes held of a message that is not whole yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Message | KeepAlive]:
        """Take bytes in, give whole messages and keep-alives out; ``PeerError`` as told above."""
        if self._fault is not None and self._fault.fatal:
            raise self._fault
        self._buffer += data
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault
        items: list[Message | KeepAlive] = []
        try:
            while (item := self._next()) is not None:
                items.append(item)
        except PeerError as error:
            if error.fatal or items:
                self._fault = error
            if not items:
                raise
        return items

    def _next(self) -> Message | KeepAlive | None:
        if self._head is None:
            if self._buffer[:2] == PONG_BYTES:
                return None if self._buffer == PING_BYTES[:3] else self._keep_alive()
            if not self._read_head():
                return None
        if len(self._buffer) < self._need or self._head is None:
            return None
        (start, headers), self._head = self._head, None
        body = bytes(self._buffer[: self._need])
        del self._buffer[: self._need]
        return build(start, headers, body, self._limits)

    def _keep_alive(self) -> KeepAlive:
        """A double CRLF is a ping, also when it comes in two pieces; a lone CRLF is a pong."""
        ping = self._half or self._buffer[:4] == PING_BYTES
        del self._buffer[: 2 if self._half else 4 if ping else 2]
        self._half = not ping and not self._buffer
        return KeepAlive.PING if ping else KeepAlive.PONG

    def _read_head(self) -> bool:
        """Take a whole head off the buffer, if there is one; every error here is fatal."""
        limit = self._limits.head
        end = self._buffer.find(b"\r\n\r\n", self._searched, limit + 4)
        if end < 0:
            if len(self._buffer) > limit:
                raise PeerError(513, "Head too large", fatal=True)
            self._searched = max(0, len(self._buffer) - 3)
            self._half = self._half and not self._buffer
            return False
        self._searched = 0
        self._half = False
        start, headers = split_head(bytes(self._buffer[:end]), self._limits)
        length = content_length(start, headers)
        if length is None:
            raise PeerError(400, "Missing Content-Length", fatal=True)
        if length > self._limits.body:
            raise PeerError(413, "Body too large", fatal=True)
        del self._buffer[: end + 4]
        self._head = start, headers
        self._need = length
        return True

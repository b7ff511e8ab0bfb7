"""Datagrams over a connection: two bytes of length before each (RFC 4571), as ICE-TCP has it (RFC 6544)."""

from __future__ import annotations

MAX_BYTES = 2048


class Frames:
    """Takes a byte stream apart. A frame longer than any packet of ours is an offence: `broken`."""

    __slots__ = ("_rest", "broken")

    def __init__(self) -> None:
        self._rest = b""
        self.broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """The datagrams that are whole now."""
        data = self._rest + data
        found: list[bytes] = []
        at = 0
        while len(data) - at >= 2:
            length = data[at] << 8 | data[at + 1]
            if length > MAX_BYTES:
                self.broken = True
                break
            if len(data) - at - 2 < length:
                break
            found.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        self._rest = data[at:]
        return found


def frame(data: bytes) -> bytes:
    """One datagram, framed."""
    return len(data).to_bytes(2, "big") + data

"""RTP packets: reading and building the fixed header (RFC 3550 section 5.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER = 12
_FIXED = struct.Struct("!BBHII")


@dataclass(slots=True)   # one is made for each packet of a picture, and a frozen one costs twice as much
class Packet:
    """An RTP packet taken apart, for good; `payload` is without CSRCs, header extension and padding."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def plausible(data: bytes) -> bool:
    """Whether the datagram has the length and the version of an RTP packet."""
    return len(data) >= HEADER and data[0] & 0xC0 == 0x80


def parse(data: bytes) -> Packet | None:
    """Take a packet apart; None when it is no RTP packet or its lengths do not add up."""
    if not plausible(data):
        return None
    first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    start = HEADER + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data)
    if first & 0x20:
        end -= data[-1]
        if data[-1] == 0:
            return None
    if start > end:
        return None
    return Packet(second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, data[start:end])


def build(
    payload_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, *, marker: bool = False
) -> bytes:
    """A packet without CSRCs, extension and padding; numbers wrap as they do on the wire."""
    second = payload_type | 0x80 if marker else payload_type
    header = _FIXED.pack(0x80, second, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc & 0xFFFFFFFF)
    return header + payload


def sequence_of(data: bytes) -> int:
    """Sequence number of a plausible packet."""
    return data[2] << 8 | data[3]


def position(data: bytes) -> tuple[int, int, int]:
    """(SSRC, sequence number, timestamp) of a plausible packet."""
    _, _, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
    return ssrc, sequence, timestamp


def with_sequence(data: bytes, second: int, sequence: int) -> bytes:
    """The same packet with another marker and payload type byte and another sequence number."""
    return data[:1] + bytes((second, sequence >> 8 & 0xFF, sequence & 0xFF)) + data[4:]

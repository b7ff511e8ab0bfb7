"""RTCP: telling and taking apart what passes through (RFC 3550 section 6, RFC 4585 section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, BYE, APPLICATION = 200, 201, 202, 203, 204
TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 205, 206
PICTURE_LOSS = 1


@dataclass(frozen=True, slots=True)
class Report:
    """One packet of a compound: its type, its five-bit count or format, and the bytes after its head."""

    type: int
    count: int
    body: bytes


def plausible(data: bytes) -> bool:
    """Whether the datagram begins like RTCP: version 2, a type of 192-223, whole words, no overrun."""
    if len(data) < 8 or data[0] & 0xC0 != 0x80 or not 192 <= data[1] <= 223:
        return False
    return 4 * (data[2] << 8 | data[3]) + 4 <= len(data)


def parse(data: bytes) -> Iterator[Report]:
    """The packets of a compound, as far as their lengths hold."""
    at = 0
    while at + 4 <= len(data) and data[at] & 0xC0 == 0x80:
        end = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        if end > len(data):
            return
        yield Report(data[at + 1], data[at] & 0x1F, data[at + 4 : end])
        at = end


def build(type_: int, count: int, body: bytes) -> bytes:
    """One packet; `body` is padded to whole words."""
    body += bytes(-len(body) % 4)
    return bytes((0x80 | count, type_)) + (len(body) // 4).to_bytes(2, "big") + body


def picture_loss(sender: int, source: int) -> bytes:
    """A Picture Loss Indication: `sender` asks `source` for a key frame (RFC 4585 section 6.3.1)."""
    return build(PAYLOAD_FEEDBACK, PICTURE_LOSS, sender.to_bytes(4, "big") + source.to_bytes(4, "big"))

"""RTCP: telling and taking apart what passes through (RFC 3550 section 6, RFC 4585 section 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, BYE, APPLICATION = 200, 201, 202, 203, 204
TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 205, 206
GENERIC_NACK = 1
PICTURE_LOSS, FULL_INTRA = 1, 4
_MOST_NACKED = 64


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


def full_intra(sender: int, source: int, number: int) -> bytes:
    """A Full Intra Request, `number` rising with each new wish (RFC 5104 section 4.3.1)."""
    item = source.to_bytes(4, "big") + bytes((number & 0xFF, 0, 0, 0))
    return build(PAYLOAD_FEEDBACK, FULL_INTRA, sender.to_bytes(4, "big") + bytes(4) + item)


def wants_picture(report: Report) -> bool:
    """Whether it asks for a key frame: PLI or FIR."""
    return report.type == PAYLOAD_FEEDBACK and report.count in (PICTURE_LOSS, FULL_INTRA)


def missed(report: Report) -> list[int]:
    """The sequence numbers a generic NACK names, at most 64 (RFC 4585 section 6.2.1); else none."""
    if report.type != TRANSPORT_FEEDBACK or report.count != GENERIC_NACK:
        return []
    found: list[int] = []
    body = report.body
    for at in range(8, len(body) - 3, 4):
        first, more = body[at] << 8 | body[at + 1], body[at + 2] << 8 | body[at + 3]
        found.append(first)
        found += [(first + 1 + bit) & 0xFFFF for bit in range(16) if more >> bit & 1]
    return found[:_MOST_NACKED]


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """What a sender report says of its clocks: `ntp` in 64 bits, the same moment as an RTP timestamp."""

    ssrc: int
    ntp: int
    timestamp: int


def sender_info(report: Report) -> SenderInfo | None:
    """RFC 3550 section 6.4.1; None for anything but a whole sender report."""
    body = report.body
    if report.type != SENDER_REPORT or len(body) < 24:
        return None
    number = int.from_bytes
    return SenderInfo(number(body[:4], "big"), number(body[4:12], "big"), number(body[12:16], "big"))


def sender_report(info: SenderInfo, packets: int, octets: int) -> bytes:
    """A sender report without reception blocks (RFC 3550 section 6.4.1)."""
    numbers = (info.timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    body = info.ssrc.to_bytes(4, "big") + info.ntp.to_bytes(8, "big")
    return build(SENDER_REPORT, 0, body + b"".join(one.to_bytes(4, "big") for one in numbers))


def description(ssrc: int, name: str) -> bytes:
    """A source description with a CNAME (RFC 3550 section 6.5)."""
    text = name.encode()[:255]
    item = bytes((1, len(text))) + text + b"\0"
    return build(SOURCE_DESCRIPTION, 1, ssrc.to_bytes(4, "big") + item)

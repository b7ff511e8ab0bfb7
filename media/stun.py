"""STUN messages: read, verified and built (RFC 8489; attributes of ICE: RFC 8445 section 7.1)."""

from __future__ import annotations

import hmac
import struct
import zlib
from dataclasses import dataclass, field
from hashlib import sha1

COOKIE = 0x2112A442
BINDING_REQUEST, BINDING_INDICATION = 0x0001, 0x0011
BINDING_SUCCESS, BINDING_ERROR = 0x0101, 0x0111
MAPPED_ADDRESS, USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, UNKNOWN_ATTRIBUTES = 0x01, 0x06, 0x08, 0x09, 0x0A
XOR_MAPPED_ADDRESS, PRIORITY, USE_CANDIDATE = 0x20, 0x24, 0x25
SOFTWARE, FINGERPRINT, ICE_CONTROLLED, ICE_CONTROLLING = 0x8022, 0x8028, 0x8029, 0x802A

HEAD = 20
MAX_BYTES = 1500
MAX_ATTRIBUTES = 32
_FINGERPRINT_XOR = 0x5354554E
_FINGERPRINT_BYTES = 8
_INTEGRITY_BYTES = 24


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `attributes` in their order, the first of each kind counts."""

    type: int
    transaction: bytes
    attributes: tuple[tuple[int, bytes], ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)

    def get(self, kind: int) -> bytes | None:
        """Value of the first attribute of a kind."""
        return next((value for found, value in self.attributes if found == kind), None)


def plausible(data: bytes) -> bool:
    """Whether a datagram begins like STUN: two zero bits, the cookie, whole words, its own length."""
    return (
        HEAD <= len(data) <= MAX_BYTES
        and data[0] < 4
        and data[4:8] == b"\x21\x12\xa4\x42"
        and int.from_bytes(data[2:4], "big") == len(data) - HEAD
        and len(data) % 4 == 0
    )


def parse(data: bytes) -> Message | None:
    """Read a message; None when it is none, its lengths do not add up or its FINGERPRINT is wrong."""
    if not plausible(data):
        return None
    found: list[tuple[int, bytes]] = []
    at = HEAD
    while at < len(data):
        if len(data) - at < 4 or len(found) >= MAX_ATTRIBUTES:
            return None
        kind, length = struct.unpack_from("!HH", data, at)
        end = at + 4 + length
        if end > len(data):
            return None
        if kind == FINGERPRINT and not _fingerprint_holds(data, at, length):
            return None
        found.append((kind, data[at + 4 : end]))
        at = end + -length % 4
    return Message(int.from_bytes(data[:2], "big"), data[8:HEAD], tuple(found), data)


def _fingerprint_holds(data: bytes, at: int, length: int) -> bool:
    """The CRC of what stands before it; it is the last attribute."""
    if length != 4 or at + _FINGERPRINT_BYTES != len(data):
        return False
    return int.from_bytes(data[at + 4 :], "big") == zlib.crc32(data[:at]) ^ _FINGERPRINT_XOR


def authentic(message: Message, key: bytes) -> bool:
    """Whether MESSAGE-INTEGRITY is there and right; what follows it is not covered (but FINGERPRINT)."""
    data, at = message.raw, HEAD
    for kind, value in message.attributes:
        if kind == MESSAGE_INTEGRITY:
            head = data[:2] + (at + _INTEGRITY_BYTES - HEAD).to_bytes(2, "big") + data[4:HEAD]
            return hmac.compare_digest(hmac.digest(key, head + data[HEAD:at], sha1), value)
        at += 4 + len(value) + -len(value) % 4
    return False


def covered(message: Message) -> tuple[tuple[int, bytes], ...]:
    """The attributes that MESSAGE-INTEGRITY speaks for: those before it."""
    kinds = [kind for kind, _ in message.attributes]
    return message.attributes[: kinds.index(MESSAGE_INTEGRITY)] if MESSAGE_INTEGRITY in kinds else ()


def build(message: Message, key: bytes | None = None) -> bytes:
    """The message as bytes, with MESSAGE-INTEGRITY by `key` if given, and FINGERPRINT."""
    body = b"".join(
        struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)
        for kind, value in message.attributes
    )
    if key is not None:
        covered_bytes = _head(message, len(body) + _INTEGRITY_BYTES) + body
        tag = hmac.digest(key, covered_bytes, sha1)
        body += struct.pack("!HH", MESSAGE_INTEGRITY, len(tag)) + tag
    data = _head(message, len(body) + _FINGERPRINT_BYTES) + body
    return data + struct.pack("!HHI", FINGERPRINT, 4, zlib.crc32(data) ^ _FINGERPRINT_XOR)


def _head(message: Message, length: int) -> bytes:
    return struct.pack("!HHI", message.type, length, COOKIE) + message.transaction


def xor_address(address: tuple[str, int]) -> bytes:
    """Value of XOR-MAPPED-ADDRESS for an IPv4 address."""
    octets = bytes(int(part) for part in address[0].split("."))
    plain = int.from_bytes(octets, "big")
    return struct.pack("!BBHI", 0, 1, address[1] ^ COOKIE >> 16, plain ^ COOKIE)


def read_xor_address(value: bytes) -> tuple[str, int] | None:
    """The IPv4 address of an XOR-MAPPED-ADDRESS; None for anything else."""
    if len(value) != 8 or value[1] != 1:
        return None
    port, plain = struct.unpack_from("!HI", value, 2)
    octets = (plain ^ COOKIE).to_bytes(4, "big")
    return ".".join(map(str, octets)), port ^ COOKIE >> 16

"""Answers STUN binding requests on the SIP port, the keep-alive of UDP outbound flows (RFC 5626 section
4.4.2)."""

from __future__ import annotations

import struct
from ipaddress import IPv6Address, ip_address

_COOKIE = 0x2112A442
_HEADER = 20
_REQUEST, _SUCCESS = 0x0001, 0x0101
_XOR_MAPPED_ADDRESS = 0x0020


def binding_response(data: bytes, remote: tuple[str, int]) -> bytes | None:
    """The success response to a binding request (RFC 8489 section 14.2), or None when `data` is no such
    request."""
    if len(data) < _HEADER:
        return None
    kind, length, cookie = struct.unpack_from("!HHI", data)
    if kind != _REQUEST or cookie != _COOKIE or length != len(data) - _HEADER or length % 4:
        return None
    address = ip_address(remote[0].partition("%")[0])
    mask = struct.pack("!I", _COOKIE) + data[8:_HEADER]
    packed = bytes(one ^ other for one, other in zip(address.packed, mask, strict=False))
    family = 2 if isinstance(address, IPv6Address) else 1
    value = struct.pack("!BBH", 0, family, remote[1] ^ (_COOKIE >> 16)) + packed
    attribute = struct.pack("!HH", _XOR_MAPPED_ADDRESS, len(value)) + value
    return struct.pack("!HH", _SUCCESS, len(attribute)) + data[4:_HEADER] + attribute

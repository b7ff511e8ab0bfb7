"""STUN on the SIP port: binding requests and nothing else."""

from __future__ import annotations

import struct
from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from pbx.transport.stun import binding_response

REQUEST = bytes.fromhex("000100002112a442") + bytes(range(12))


def mapped(response: bytes) -> tuple[str, int]:
    """Read the XOR-MAPPED-ADDRESS of a response that carries nothing else."""
    kind, length, family, port = struct.unpack_from("!HHxBH", response, 20)
    assert kind == 0x0020
    size = {1: 4, 2: 16}[family]
    assert length == 4 + size
    raw = bytes(a ^ b for a, b in zip(response[28:], response[4:20], strict=False))
    return str(ip_address(raw)), port ^ 0x2112


def test_ipv4_and_ipv6() -> None:
    for remote in (("192.0.2.7", 5060), ("2001:db8::7", 65535)):
        response = binding_response(REQUEST, remote)
        assert response is not None
        assert struct.unpack_from("!HH", response) == (0x0101, len(response) - 20)
        assert response[4:20] == REQUEST[4:20]
        assert mapped(response) == remote
        assert len(response) <= 3 * len(REQUEST)


def test_a_zone_is_left_out() -> None:
    response = binding_response(REQUEST, ("fe80::1%2", 5060))
    assert response is not None
    assert mapped(response) == ("fe80::1", 5060)


@given(st.binary(max_size=60))
def test_anything_else_is_no_request(data: bytes) -> None:
    if data[:2] + data[4:8] != REQUEST[:2] + REQUEST[4:8]:
        assert binding_response(data, ("192.0.2.7", 5060)) is None


def test_a_wrong_length_is_no_request() -> None:
    assert binding_response(REQUEST + b"x", ("192.0.2.7", 5060)) is None
    assert binding_response(REQUEST[:19], ("192.0.2.7", 5060)) is None

"""RTP packets taken apart and put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import rtp


@given(
    st.integers(0, 127),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=40),
    st.booleans(),
)
def test_what_is_built_is_read(
    payload_type: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, marker: bool
) -> None:
    data = rtp.build(payload_type, sequence, timestamp, ssrc, payload, marker=marker)
    assert rtp.parse(data) == rtp.Packet(payload_type, marker, sequence, timestamp, ssrc, payload)
    assert rtp.position(data) == (ssrc, sequence, timestamp)
    assert rtp.sequence_of(data) == sequence


def test_numbers_wrap() -> None:
    assert rtp.position(rtp.build(0, 0x10001, 0x100000002, 3, b"")) == (3, 1, 2)


def test_sources_extension_and_padding_are_left_out() -> None:
    head = bytes((0x80 | 0x20 | 0x10 | 0x02, 101)) + bytes(10) + bytes(8) + b"\xbe\xde\x00\x01" + b"abcd"
    packet = rtp.parse(head + b"digit" + b"\0\0\x03")
    assert packet is not None
    assert packet.payload == b"digit"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        b"\x40" + bytes(11),
        bytes((0x90, 0)) + bytes(10),
        bytes((0x90, 0)) + bytes(10) + b"\0\0\xff\xff",
        bytes((0x8F, 0)) + bytes(12),
        bytes((0xA0, 0)) + bytes(10) + b"\0",
        bytes((0xA0, 0)) + bytes(10) + b"\x09",
    ],
)
def test_what_is_no_packet(data: bytes) -> None:
    assert rtp.parse(data) is None


def test_renumbering_keeps_everything_else() -> None:
    data = rtp.build(8, 5, 6, 7, b"sound", marker=True)
    assert rtp.parse(rtp.with_sequence(data, 0x80 | 9, 0xFFFF)) == rtp.Packet(9, True, 0xFFFF, 6, 7, b"sound")


@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    packet = rtp.parse(data)
    assert packet is None or rtp.plausible(data)

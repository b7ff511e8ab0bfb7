"""STUN messages: the vectors of RFC 5769, and hostile bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import stun

PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
RESPONSE = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)


def test_the_sample_request() -> None:
    message = stun.parse(REQUEST)
    assert message is not None
    assert message.type == stun.BINDING_REQUEST
    assert message.get(stun.USERNAME) == b"evtj:h6vY"
    assert message.get(stun.PRIORITY) == bytes.fromhex("6e0001ff")
    assert stun.authentic(message, PASSWORD) and not stun.authentic(message, b"x")


def test_the_sample_response() -> None:
    message = stun.parse(RESPONSE)
    assert message is not None and stun.authentic(message, PASSWORD)
    assert stun.read_xor_address(message.get(stun.XOR_MAPPED_ADDRESS) or b"") == ("192.0.2.1", 32853)
    assert stun.xor_address(("192.0.2.1", 32853)) == message.get(stun.XOR_MAPPED_ADDRESS)


@pytest.mark.parametrize("at", range(len(REQUEST) - 8))
def test_a_changed_byte_is_noticed(at: int) -> None:
    changed = bytearray(REQUEST)
    changed[at] ^= 1
    message = stun.parse(bytes(changed))
    assert message is None or not stun.authentic(message, PASSWORD)


def test_what_is_built_reads_back() -> None:
    attributes = ((stun.USERNAME, b"a:b"), (stun.USE_CANDIDATE, b""))
    message = stun.Message(stun.BINDING_REQUEST, bytes(12), attributes)
    found = stun.parse(stun.build(message, b"key"))
    assert found is not None and stun.authentic(found, b"key")
    assert stun.covered(found) == message.attributes
    assert not stun.authentic(message, b"key")


def test_attributes_behind_the_integrity_are_not_covered() -> None:
    plain = stun.parse(stun.build(stun.Message(1, bytes(12)), b"key"))
    assert plain is not None
    late = stun.Message(1, bytes(12), (*plain.attributes[:1], (stun.USE_CANDIDATE, b"")))
    found = stun.parse(stun.build(late))
    assert found is not None and stun.covered(found) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        REQUEST[:19],
        REQUEST[:-4],
        REQUEST + bytes(4),
        b"\x80" + REQUEST[1:],
        REQUEST[:4] + bytes(4) + REQUEST[8:],
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    assert stun.parse(data) is None


@given(st.binary(max_size=200))
def test_rubbish_never_raises(body: bytes) -> None:
    body = body[: len(body) // 4 * 4]
    data = b"\0\1" + len(body).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + bytes(12) + body
    message = stun.parse(data)
    assert message is None or not stun.authentic(message, PASSWORD)


def test_an_address_of_another_family_is_none() -> None:
    assert stun.read_xor_address(b"\0\2" + bytes(18)) is None

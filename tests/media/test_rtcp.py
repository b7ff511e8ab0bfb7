"""RTCP told from other datagrams, taken apart, built."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media import rtcp


def test_a_compound_is_taken_apart() -> None:
    data = rtcp.build(rtcp.RECEIVER_REPORT, 0, b"\0\0\0\1") + rtcp.picture_loss(1, 2)
    assert rtcp.plausible(data)
    assert list(rtcp.parse(data)) == [
        rtcp.Report(201, 0, b"\0\0\0\1"),
        rtcp.Report(206, 1, b"\0\0\0\1\0\0\0\2"),
    ]


def test_bodies_are_padded_to_words() -> None:
    assert rtcp.build(rtcp.SOURCE_DESCRIPTION, 1, b"abcde") == b"\x81\xca\x00\x02abcde\0\0\0"


def test_other_datagrams_are_not_rtcp() -> None:
    for data in (b"", b"\x80\xc8\0\0", b"\x80\x00\0\1abcd", b"\x40\xc8\0\1abcd", b"\x80\xc8\0\x09abcd"):
        assert not rtcp.plausible(data)


def test_an_overrun_ends_the_reading() -> None:
    whole = rtcp.picture_loss(1, 2)
    assert len(list(rtcp.parse(whole + b"\x80\xc8\xff\xff"))) == 1


@given(st.binary(max_size=120))
def test_no_bytes_raise(data: bytes) -> None:
    rtcp.plausible(data)
    list(rtcp.parse(data))

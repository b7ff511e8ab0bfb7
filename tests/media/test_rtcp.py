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


def test_missed_packets_are_named_singly_and_by_bits() -> None:
    body = bytes(8) + b"\x00\x05\x00\x03" + b"\xff\xff\x80\x00"
    (report,) = rtcp.parse(rtcp.build(rtcp.TRANSPORT_FEEDBACK, rtcp.GENERIC_NACK, body))
    assert rtcp.missed(report) == [5, 6, 7, 65_535, 15]
    (wish,) = rtcp.parse(rtcp.full_intra(1, 2, 3))
    assert rtcp.missed(wish) == []
    assert rtcp.wants_picture(wish)
    assert not rtcp.wants_picture(report)


def test_a_sender_report_returns_as_it_was_said() -> None:
    info = rtcp.SenderInfo(7, 0x0123_4567_89AB_CDEF, 90_000)
    (report,) = rtcp.parse(rtcp.sender_report(info, 3, 4))
    assert rtcp.sender_info(report) == info
    assert rtcp.sender_info(rtcp.Report(rtcp.SENDER_REPORT, 0, bytes(23))) is None
    (described,) = rtcp.parse(rtcp.description(7, "a@b"))
    assert described.body == b"\0\0\0\7\1\3a@b\0\0\0"

"""RTCP that changes names; the streams themselves are tested in test_mux, through the port."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media import rtcp
from media.secured import exchange

OLD, NEW = (7).to_bytes(4, "big"), (9).to_bytes(4, "big")


def test_one_source_s_name_for_another_s() -> None:
    assert exchange(rtcp.picture_loss(7, 8), OLD, NEW) == rtcp.picture_loss(9, 8)
    assert exchange(rtcp.picture_loss(8, 7), OLD, NEW) == rtcp.picture_loss(8, 9)


@given(st.binary(max_size=64))
def test_the_length_stays(data: bytes) -> None:
    assert len(exchange(data, OLD, NEW)) == len(data)


def test_what_only_looks_alike_between_words_stays() -> None:
    report = b"\0\0" + OLD + b"\0\0"
    assert exchange(report, OLD, NEW) == report

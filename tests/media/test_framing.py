"""Datagrams over a connection, however it is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.framing import MAX_BYTES, Frames, frame


@given(st.lists(st.binary(max_size=300), max_size=8), st.lists(st.integers(1, 50), max_size=60))
def test_any_cut_gives_the_same(datagrams: list[bytes], cuts: list[int]) -> None:
    data = b"".join(frame(one) for one in datagrams)
    frames, found = Frames(), []
    for size in cuts:
        found += frames.feed(data[:size])
        data = data[size:]
    assert found + frames.feed(data) == datagrams
    assert not frames.broken


def test_a_frame_too_long_is_an_offence() -> None:
    frames = Frames()
    assert frames.feed(frame(b"x") + (MAX_BYTES + 1).to_bytes(2, "big") + b"y") == [b"x"]
    assert frames.broken

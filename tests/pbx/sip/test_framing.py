from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.framing import PING_BYTES, PONG_BYTES, KeepAlive, StreamFramer, is_keep_alive
from pbx.sip.message import Message, SizeLimits
from tests.pbx.sip import strategies
from tests.pbx.sip.samples import INVITE, replaced, wire

FIRST = wire(*INVITE, body=b"v=0\r\n\r\n")
SECOND = wire("SIP/2.0 200 OK", *INVITE[1:])


def shown(items: list[Message | KeepAlive]) -> list[bytes | KeepAlive]:
    return [item if isinstance(item, KeepAlive) else item.to_bytes() for item in items]


@given(st.lists(st.integers(0, len(FIRST + SECOND) * 2 + 4), max_size=8).map(sorted))
def test_however_the_bytes_come_the_messages_are_the_same(cuts: list[int]) -> None:
    stream = FIRST + SECOND + PING_BYTES + SECOND + FIRST
    framer = StreamFramer()
    items = [
        item
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for item in framer.feed(stream[start:end])
    ]
    messages = [item for item in shown(items) if isinstance(item, bytes)]
    assert messages == [FIRST, SECOND, SECOND, FIRST]
    assert items.count(KeepAlive.PING) == 1
    assert framer.buffered == 0


def test_byte_by_byte() -> None:
    framer = StreamFramer()
    items = [item for byte in FIRST + FIRST for item in framer.feed(bytes([byte]))]
    assert shown(items) == [FIRST, FIRST]


def test_keep_alives() -> None:
    framer = StreamFramer()
    assert framer.feed(PING_BYTES) == [KeepAlive.PING]
    assert framer.feed(PING_BYTES * 2) == [KeepAlive.PING] * 2
    assert framer.feed(PONG_BYTES) == [KeepAlive.PONG]
    assert framer.feed(PONG_BYTES) == [KeepAlive.PING]
    assert shown(framer.feed(PONG_BYTES + FIRST)) == [KeepAlive.PONG, FIRST]
    assert framer.feed(b"\r") == []
    assert framer.feed(b"\n\r\n") == [KeepAlive.PING]
    assert framer.feed(b"\r\n\r") == []
    assert framer.feed(b"\n") == [KeepAlive.PING]
    assert framer.feed(PONG_BYTES) == [KeepAlive.PONG]
    assert shown(framer.feed(FIRST + PONG_BYTES)) == [FIRST, KeepAlive.PONG]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\0\0\0\0", b"\r\n", b" "])
def test_datagrams_that_keep_a_nat_open(data: bytes) -> None:
    assert is_keep_alive(data)


@pytest.mark.parametrize("data", [b"\0" * 17, b"jaK", FIRST])
def test_datagrams_that_say_something(data: bytes) -> None:
    assert not is_keep_alive(data)


def broken(framer: StreamFramer, data: bytes, status: int) -> PeerError:
    with pytest.raises(PeerError) as caught:
        framer.feed(data)
    assert caught.value.status == status
    return caught.value


def test_a_wrong_message_inside_good_bounds_does_not_end_the_stream() -> None:
    framer = StreamFramer()
    bad = wire(*replaced("Call-ID:", None), body=b"body")
    assert shown(framer.feed(FIRST + bad + SECOND)) == [FIRST]
    waiting = framer.waiting
    error = broken(framer, b"", 400)
    assert (waiting, framer.waiting) == (True, False)
    assert not error.fatal
    assert error.request.method == "INVITE"
    assert shown(framer.feed(b"")) == [SECOND]
    assert not broken(framer, bad + FIRST, 400).fatal
    assert shown(framer.feed(b"")) == [FIRST]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (wire(*INVITE, length=None), 400),
        (wire(*INVITE, "Content-Length: 0"), 400),
        (wire(*INVITE, length="-1"), 400),
        (wire(*INVITE, length="70000"), 413),
        (wire(*INVITE, length="9999999999"), 400),
        (wire(*INVITE, "X: a\0"), 400),
        (wire(*INVITE, "a\nb: c"), 400),
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"a" * 17000, 513),
        (wire(*INVITE, "X: " + "a" * 17000), 513),
    ],
)
def test_lost_bounds_end_the_stream(data: bytes, status: int) -> None:
    framer = StreamFramer()
    assert broken(framer, data, status).fatal
    assert broken(framer, FIRST, status).fatal
    later = StreamFramer()
    assert shown(later.feed(FIRST + data)) == [FIRST]
    assert broken(later, b"", status).fatal


def test_a_peer_cannot_make_us_hold_more_than_the_limits() -> None:
    limits = SizeLimits(head=600, body=100)
    framer = StreamFramer(limits)
    held = 0
    with pytest.raises(PeerError):
        for _ in range(100):
            framer.feed(b"X: aaaaaaaaaa\r\n")
            held = max(held, framer.buffered)
    assert held <= 600


@given(st.lists(strategies.hostile_bytes, max_size=6))
def test_no_bytes_raise_anything_else(pieces: list[bytes]) -> None:
    framer = StreamFramer()
    for piece in pieces:
        try:
            framer.feed(piece)
        except PeerError as error:
            if error.fatal:
                return

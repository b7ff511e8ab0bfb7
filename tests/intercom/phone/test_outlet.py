from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from intercom.phone.description import Terms
from intercom.phone.outlet import RING, Outlet, bind_pair
from media import rtcp, rtp
from media.srtp import AES_128_GCM, Keys, Protection

HOST = "127.0.0.1"
OURS, THEIRS = bytes(range(28)), bytes(range(100, 128))


class Peer:
    """The other end of an outlet."""

    def __init__(self) -> None:
        self.rtp, self.rtcp = bind_pair(HOST)
        for sock in (self.rtp, self.rtcp):
            sock.settimeout(5.0)

    def terms(self) -> Terms:
        port = self.rtp.getsockname()[1]
        return Terms("h264", 98, 90_000, HOST, port, port + 1, True, False)

    def packet(self) -> rtp.Packet:
        found = rtp.parse(self.rtp.recv(4096))
        assert found is not None
        return found


@contextmanager
def pair() -> Iterator[tuple[Outlet, Peer]]:
    outlet, peer = Outlet(*bind_pair(HOST), "panel"), Peer()
    outlet.direct(peer.terms())
    try:
        yield outlet, peer
    finally:
        outlet.close()
        peer.rtp.close()
        peer.rtcp.close()


def test_a_pair_is_even_and_the_next() -> None:
    for _ in range(8):
        first, second = bind_pair(HOST)
        with first, second:
            port = first.getsockname()[1]
            assert port % 2 == 0 and second.getsockname()[1] == port + 1


def test_a_picture_ends_with_the_marker() -> None:
    with pair() as (outlet, peer):
        outlet.send([b"one", b"two"], 0, marks_last=True)
        outlet.send([b"three"], 6000, marks_last=True)
        one, two, three = peer.packet(), peer.packet(), peer.packet()
    assert [p.payload for p in (one, two, three)] == [b"one", b"two", b"three"]
    assert [p.marker for p in (one, two, three)] == [False, True, True]
    assert one.timestamp == two.timestamp and three.timestamp == one.timestamp + 6000
    assert three.sequence == (one.sequence + 2) & 0xFFFF and one.ssrc == three.ssrc


def test_what_was_missed_is_sent_again_and_a_key_picture_is_asked_for() -> None:
    with pair() as (outlet, peer):
        outlet.send([b"one", b"two"], 0)
        one, _ = peer.packet(), peer.packet()
        lost = one.sequence.to_bytes(2, "big") + bytes(2)
        nack = rtcp.build(rtcp.TRANSPORT_FEEDBACK, rtcp.GENERIC_NACK, bytes(8) + lost)
        assert not outlet.hear(nack)
        assert peer.packet() == one
        assert outlet.hear(rtcp.picture_loss(1, one.ssrc)) and outlet.hear(rtcp.full_intra(1, one.ssrc, 1))
        assert not outlet.hear(b"rubbish") and not outlet.hear(b"")


def test_the_ring_is_bounded() -> None:
    with pair() as (outlet, _):
        for number in range(RING + 100):
            outlet.send([b"x"], number)
        assert len(outlet._ring) == RING


def test_a_report_names_us() -> None:
    with pair() as (outlet, peer):
        outlet.report()  # nothing was sent yet: nothing to say
        outlet.send([b"one"], 0)
        outlet.report()
        reports = list(rtcp.parse(peer.rtcp.recv(4096)))
        info = rtcp.sender_info(reports[0])
        assert info is not None and info.ssrc == peer.packet().ssrc
        assert b"panel" in reports[1].body


def test_protected_streams_stay_protected() -> None:
    with pair() as (outlet, peer):
        theirs = Protection(Keys(AES_128_GCM, THEIRS, OURS))
        terms = replace(peer.terms(), suite=AES_128_GCM.name, ours=OURS, theirs=THEIRS)
        outlet.direct(terms)
        outlet.send([b"secret"], 0)
        outlet.direct(replace(terms, payload_type=97))  # the same keys: the same place in the stream
        outlet.send([b"secret"], 160)
        for expected in (98, 97):
            data = peer.rtp.recv(4096)
            assert b"secret" not in data
            found = rtp.parse(theirs.unprotect(data))
            assert found is not None and (found.payload_type, found.payload) == (expected, b"secret")
        assert not outlet.hear(rtcp.picture_loss(1, 2)), "not genuine"
        assert outlet.hear(theirs.protect_rtcp(rtcp.picture_loss(1, 2)))
        assert outlet.opened(rtp.build(8, 1, 0, 7, b"x")) == b""
        plain = rtp.build(8, 1, 0, 7, b"x")
        assert outlet.opened(theirs.protect(plain)) == plain


def test_nothing_goes_where_nothing_was_agreed() -> None:
    with pair() as (outlet, peer):
        outlet.direct(None)
        outlet.send([b"one"], 0)
        outlet.direct(replace(peer.terms(), goes=False))
        outlet.send([b"one"], 0)
        peer.rtp.setblocking(False)
        try:
            data = peer.rtp.recv(100)
        except BlockingIOError:
            data = b""
        assert data == b"" and outlet.sent == 0


def test_after_its_end_it_is_silent() -> None:
    with pair() as (outlet, _):
        outlet.close()
        outlet.send([b"one"], 0)
        outlet.report()
        assert outlet.rtp.fileno() == -1 and isinstance(outlet.rtp, socket.socket)

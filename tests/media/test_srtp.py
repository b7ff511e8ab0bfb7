"""SRTP both ways: each suite, long packets, a wrapped sequence number, strangers."""

from __future__ import annotations

import socket

import pytest

from media import rtcp, rtp
from media.srtp import AES_128_GCM, MAX_BYTES, SUITES, Keys, Protection, Suite, opened

EACH = pytest.mark.parametrize("suite", list(SUITES.values()), ids=lambda suite: suite.name)


def ends(suite: Suite) -> tuple[Protection, Protection]:
    size = suite.key + suite.salt
    one, other = bytes(range(size)), bytes(range(100, 100 + size))
    return Protection(Keys(suite, one, other)), Protection(Keys(suite, other, one))


def packet(number: int, size: int = 160) -> bytes:
    return rtp.build(96, number, 160 * number, 7, bytes(size))


@EACH
def test_what_is_protected_opens_at_the_other_end_only(suite: Suite) -> None:
    here, there = ends(suite)
    sealed = here.protect(packet(1))
    assert sealed != packet(1) and there.unprotect(sealed) == packet(1)
    assert here.unprotect(sealed) == b""
    assert there.unprotect(sealed) == b"", "a repeated packet is one too many"
    assert SUITES[suite.name] is suite


@EACH
def test_reports(suite: Suite) -> None:
    here, there = ends(suite)
    report = rtcp.picture_loss(1, 2)
    sealed = here.protect_rtcp(report)
    assert there.unprotect_rtcp(sealed) == report
    assert there.unprotect_rtcp(sealed[:-1] + b"x") == b""
    assert there.unprotect_rtcp(b"short") == b"" == here.protect_rtcp(b"")


@EACH
@pytest.mark.parametrize("size", [0, 1345, 1400, MAX_BYTES - 12])
def test_packets_longer_than_a_datagram_of_the_web(suite: Suite, size: int) -> None:
    here, there = ends(suite)
    assert there.unprotect(here.protect(packet(1, size))) == packet(1, size)


@EACH
def test_what_cannot_be_is_empty(suite: Suite) -> None:
    here, there = ends(suite)
    assert here.protect(packet(1, MAX_BYTES)) == b"" == here.protect(b"\x80")
    assert there.unprotect(bytes(5000)) == b"" == there.unprotect(b"") == there.unprotect(packet(1))


@EACH
def test_seventy_thousand_packets(suite: Suite) -> None:
    """The sequence number wraps; some are lost, some late, around the wrap too."""
    here, there = ends(suite)
    late: bytes = b""
    for number in range(60_000, 130_000):
        sealed = here.protect(packet(number))
        if number % 97 == 0:
            continue
        if number % 89 == 0:
            late = sealed
            continue
        assert there.unprotect(sealed) == packet(number)
        if late:
            assert there.unprotect(late) != b""
            late = b""


@EACH
def test_a_packet_asked_for_again_goes_out_again(suite: Suite) -> None:
    here, _ = ends(suite)
    first = here.protect(packet(5))
    here.protect(packet(6))
    assert here.protect(packet(5)) == first


def test_reads_of_a_socket_are_opened_or_from_nowhere() -> None:
    here, there = ends(AES_128_GCM)
    ours, theirs = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    with ours, theirs:
        ours.bind(("127.0.0.1", 0))
        theirs.bind(("127.0.0.1", 0))
        read, read_from = opened(ours, there.unprotect)
        theirs.sendto(here.protect(packet(1)), ours.getsockname())
        assert read_from(4096, 0) == (packet(1), theirs.getsockname())
        theirs.sendto(packet(2), ours.getsockname())
        assert read_from(4096, 0) == (b"", ("", 0))
        theirs.sendto(packet(2), ours.getsockname())
        assert read(4096, 0) == b""

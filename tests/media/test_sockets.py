"""Pairs of ports, the poll, and leaving a connected peer."""

from __future__ import annotations

import socket

import pytest

from media.sockets import Poller, bind_pair, is_local, leave_peer
from tests.media.loopback import FIRST


def free_pair() -> int:
    """An even port that is free with the one after it."""
    for port in range(FIRST + 720, FIRST + 780, 2):
        pair = bind_pair("127.0.0.1", port)
        if pair is not None:
            for one in pair:
                one.close()
            return port
    pytest.fail("no free pair of ports")


def test_a_pair_is_two_neighbours_or_nothing() -> None:
    port = free_pair()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", port + 1))
        assert bind_pair("127.0.0.1", port) is None
    pair = bind_pair("127.0.0.1", port)
    assert pair is not None
    assert [one.getsockname()[1] for one in pair] == [port, port + 1]
    for one in pair:
        one.close()


def test_an_address_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(OSError):
        bind_pair("192.0.2.1", FIRST + 720)


def test_a_socket_that_left_its_peer_hears_everybody_on_the_same_port() -> None:
    pair = bind_pair("127.0.0.1", free_pair())
    assert pair is not None
    one, other = pair
    with one, other, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as third:
        before = one.getsockname()
        one.connect(other.getsockname())
        third.sendto(b"no", before)
        leave_peer(one)
        assert one.getsockname() == before
        third.sendto(b"yes", before)
        assert one.recv(10) == b"yes"


def test_which_addresses_are_ours() -> None:
    assert is_local("127.0.0.1") and is_local("127.0.0.9")
    assert not is_local("192.0.2.1") and not is_local("not an address")


def test_leaving_with_a_closed_socket_is_an_error() -> None:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.close()
    with pytest.raises(OSError):
        leave_peer(one)


def test_a_fault_in_one_socket_s_turn_does_not_keep_others_from_theirs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    poller = Poller()
    served: list[bytes] = []
    pairs = [socket.socketpair() for _ in range(2)]

    def fail() -> None:
        pairs[0][0].recv(10)
        raise ValueError("packet")

    poller.add(pairs[0][0].fileno(), fail)
    poller.add(pairs[1][0].fileno(), lambda: served.append(pairs[1][0].recv(10)))
    for _, far in pairs:
        far.send(b"x")
    poller.turn(1.0)
    poller.turn(0.0)
    assert (served, poller.errors) == ([b"x"], 1)
    assert "media socket" in caplog.text
    for near, far in pairs:
        poller.remove(near.fileno())
        near.close()
        far.close()
    poller.close()

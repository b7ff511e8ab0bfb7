"""Ways to a peer: bounded, framed, closed once."""

from __future__ import annotations

import socket

import pytest

from media.paths import TcpPath, UdpPath


def test_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        assert UdpPath(one, one.getsockname()).send(b"abc") == 3
        assert one.recv(10) == b"abc"


def test_a_slow_connection_is_spared_media_first_and_then_everything() -> None:
    ours, theirs = socket.socketpair()
    ended: list[TcpPath] = []
    with ours, theirs:
        ours.setblocking(False)
        path = TcpPath(ours, ("", 0), 0.0, lambda *_: None, ended.append)
        with pytest.raises(BlockingIOError):
            for _ in range(2000):
                path.send(b"\x80" + bytes(1000))
        assert path.waiting
        with pytest.raises(BlockingIOError):
            for _ in range(2000):
                path.send(b"\x16" + bytes(1000))
        theirs.close()
        path.flush()
        path.flush()
        assert path.closed and ended == [path]
        with pytest.raises(BlockingIOError):
            path.send(b"x")
        path.close()
        assert ended == [path]


def test_datagrams_are_handed_on_until_it_closes() -> None:
    ours, theirs = socket.socketpair()
    came: list[bytes] = []

    def take(path: TcpPath, data: bytes) -> None:
        came.append(data)
        path.close()

    with theirs:
        ours.setblocking(False)
        path = TcpPath(ours, ("", 0), 0.0, take, lambda _: None)
        path.readable()
        theirs.send(b"\0\1a\0\1b")
        path.readable()
        assert came == [b"a"] and path.closed

"""Sockets of the worker: bound pairs, one poll for all of them, and leaving a connected peer again."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import select
import socket
from collections.abc import Callable
from functools import lru_cache

logger = logging.getLogger(__name__)

_BATCH = 256
_libc = ctypes.CDLL(None, use_errno=True)
_UNSPECIFIED = (socket.AF_UNSPEC).to_bytes(2, "little") + bytes(14)


class Poller:
    """One epoll for every socket of the relay: a readable socket costs one call, and no loop's machinery."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self.handlers: dict[int, Callable[[], None]] = {}
        self.errors = 0

    def fileno(self) -> int:
        return self._epoll.fileno()

    def add(self, fd: int, readable: Callable[[], None]) -> None:
        self.handlers[fd] = readable
        self._epoll.register(fd, select.EPOLLIN)

    def remove(self, fd: int) -> None:
        self.handlers.pop(fd, None)
        self._epoll.unregister(fd)

    def turn(self, seconds: float = 0.0) -> None:
        """Wait at most `seconds` and serve what is readable."""
        handlers = self.handlers
        for fd, _ in self._epoll.poll(seconds, _BATCH):
            readable = handlers.get(fd)
            if readable is None:
                continue
            try:
                readable()
            except Exception:
                self.errors += 1
                if self.errors <= 10:  # one faulty packet a millisecond must not fill the log
                    logger.exception("media socket %d", fd)

    def close(self) -> None:
        self._epoll.close()


def bind_pair(address: str, port: int) -> tuple[socket.socket, socket.socket] | None:
    """UDP sockets on `port` and the one after it; None when either is taken. Raises OSError otherwise."""
    pair: list[socket.socket] = []
    try:
        for number in (port, port + 1):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
            pair.append(one)
            one.bind((address, number))
    except OSError as error:
        for one in pair:
            one.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            return None
        raise
    return pair[0], pair[1]


@lru_cache(1024)
def is_local(address: str) -> bool:
    """Whether that is an address of this machine: only such a one can be bound."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
        return True


def leave_peer(one: socket.socket) -> None:
    """Undo connect(): the socket hears everybody again and keeps its port (connect(2), AF_UNSPEC)."""
    if _libc.connect(one.fileno(), _UNSPECIFIED, len(_UNSPECIFIED)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

"""Listens for SIP over TCP, and for TLS on top of it: connections are counted before anything else is done
for them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl

from pbx.sip.flow import Address
from pbx.tasks import Tasks

from .driver import Driver
from .gate import Gate
from .stream import StreamChannel, StreamCounters

_BATCH = 64
_BACKLOG = 1024
_EXHAUSTED = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))
_REST_SECONDS = 1.0
_KEEP_ALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 60_000))


class StreamListener:
    """A listening socket and the connections it accepted. Made by `tcp.listen` or `tls.listen`."""

    def __init__(
        self,
        driver: Driver,
        sock: socket.socket,
        gate: Gate,
        context: ssl.SSLContext | None,
        advertised: Address | None,
    ) -> None:
        self._driver = driver
        self._sock = sock
        self._gate = gate
        self._context = context
        self._advertised = advertised
        self._loop = asyncio.get_running_loop()
        self._tasks = Tasks("tls" if context else "tcp")
        self._channels: set[StreamChannel] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.counters = StreamCounters()
        self.address: Address = sock.getsockname()[:2]
        self.closed = False
        self.accepted = self.failed = self.exhausted = 0
        self._loop.add_reader(sock.fileno(), self._acceptable)

    def close(self) -> None:
        """Take no more connections and end those there are."""
        if not self.closed:
            self.closed = True
            self._loop.remove_reader(self._sock.fileno())
            self._sock.close()
            self._driver.discount("tls" if self._context else "tcp", self)
            for channel in tuple(self._channels):
                channel.shut("listener closed")

    async def aclose(self) -> None:
        """Close, and wait until every connection is gone."""
        self.close()
        await self._tasks.close()
        for channel in tuple(self._channels):
            channel.shut("listener closed")
        await self._quiet.wait()

    def stats(self) -> dict[str, int]:
        """Counters since the start, and connections now."""
        return {
            "connections": len(self._channels),
            "accepted": self.accepted,
            "failed": self.failed,
            "exhausted": self.exhausted,
            **self.counters.stats(),
        }

    def _acceptable(self) -> None:
        for _ in range(_BATCH):
            try:
                sock, address = self._sock.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _EXHAUSTED:  # else the loop would spin on a socket that stays readable
                    self.exhausted += 1
                    self._loop.remove_reader(self._sock.fileno())
                    self._gate.later(self._driver.clock() + _REST_SECONDS, self._listen_again)
                    self._driver.touch()
                    return
                self.failed += 1
                continue
            if not self._gate.enter(address[0]):
                sock.close()
                continue
            self.accepted += 1
            sock.setblocking(False)
            keep_alive(sock)
            self._tasks.spawn(self._welcome(sock, address[0]), name=f"accept {address[0]}")

    async def _welcome(self, sock: socket.socket, host: str) -> None:
        """Hand an accepted socket to the loop, over TLS after its handshake."""
        channel = StreamChannel(
            self._driver,
            self._gate,
            "tls" if self._context else "tcp",
            self.counters,
            counted=host,
            advertised=self._advertised,
            gone=self._gone,
        )
        self._channels.add(channel)
        self._quiet.clear()
        try:
            await self._loop.connect_accepted_socket(
                lambda: channel,
                sock,
                ssl=self._context,
                ssl_handshake_timeout=self._gate.limits.handshake_seconds if self._context else None,
            )
        except BaseException as error:
            if channel.flow is None:
                self.failed += 1
                sock.close()
                self._gate.leave(host)
                self._gone(channel)
            if not isinstance(error, OSError | TimeoutError):  # SSLError is an OSError
                raise

    def _gone(self, channel: StreamChannel) -> None:
        self._channels.discard(channel)
        if not self._channels:
            self._quiet.set()

    def _listen_again(self) -> None:
        if not self.closed:
            self._loop.add_reader(self._sock.fileno(), self._acceptable)


def keep_alive(sock: socket.socket) -> None:
    """Let the kernel find peers that vanished: within a minute, also while we have unsent data."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE:
        option = getattr(socket, name, None)
        if option is not None:
            with contextlib.suppress(OSError):  # not every system lets us choose
                sock.setsockopt(socket.IPPROTO_TCP, option, value)


async def listen(
    driver: Driver,
    host: str,
    port: int,
    gate: Gate,
    *,
    advertised: Address | None = None,
    context: ssl.SSLContext | None = None,
) -> StreamListener:
    """Listen for TCP (port 0: any free one); with `context` for TLS.

    `advertised` is the address that goes into Via and Contact. Raises `OSError` when the address cannot be
    bound.
    """
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    driver.attach(gate)
    driver.count("gate", gate)
    listener = StreamListener(driver, sock, gate, context, advertised)
    driver.count("tls" if context else "tcp", listener)
    return listener

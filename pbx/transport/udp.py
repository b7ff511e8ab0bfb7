"""SIP over UDP: one socket drained in batches, each remote address interned as a flow (RFC 3261 section
18)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from weakref import WeakValueDictionary

from pbx.sip.errors import PeerError
from pbx.sip.flow import Address, Flow
from pbx.sip.message import parse, response_to

from .driver import Driver
from .gate import Gate
from .stun import binding_response

_BATCH = 64
_TURN = 16
_BUFFER = 4 * 1024 * 1024
_LARGEST = 65535
_UNBOUNDED = 1 << 60
_RETRY_SECONDS = 0.02


class UdpFlow(Flow):
    """A flow over UDP. `credit`: bytes it may still be sent before its peer has authenticated.

    Its identity says that this address has authenticated once, which lifts limits; it never answers a
    challenge.
    """

    __slots__ = ("__weakref__", "credit")

    def __init__(self, local: Address, remote: Address, channel: UdpListener, credit: int) -> None:
        super().__init__("udp", local, remote, channel)
        self.credit = credit


class UdpListener:
    """A bound UDP socket: the channel of all flows that use it. Made by `listen`.

    Flows are remembered in two generations and forgotten with the older one; a flow that a binding, dialog or
    transaction still holds is found again by a weak reference, so `is` holds for as long as anybody can tell.
    """

    def __init__(
        self,
        driver: Driver,
        sock: socket.socket,
        gate: Gate,
        advertised: Address | None = None,
        *,
        single: bool = False,
    ) -> None:
        self._driver = driver
        self._sock = sock
        self._gate = gate
        self._advertised = advertised
        self._single = single
        self._loop = asyncio.get_running_loop()
        host, port = sock.getsockname()[:2]
        self.address: Address = (host, port)
        self._wildcard = host in ("0.0.0.0", "::")
        self._amplification = gate.limits.amplification
        self._flows: dict[tuple[str, int], UdpFlow] = {}
        self._older: dict[tuple[str, int], UdpFlow] = {}
        self._held: WeakValueDictionary[tuple[str, int], UdpFlow] = WeakValueDictionary()
        self.closed = False
        self._unread_since: float | None = None
        self.received = self.sent = self.keep_alives = self.unparsable = 0
        self.receive_errors = self.send_blocked = self.send_errors = self.withheld = 0
        self._loop.add_reader(sock.fileno(), self._readable)

    @property
    def descriptor(self) -> int:
        """The socket's file descriptor, for a process that may send by it after us."""
        return self._sock.fileno()

    def flow_to(self, host: str, port: int) -> UdpFlow:
        """The flow towards a numeric address that we have a reason to speak to: no amplification bound
        applies."""
        flow = self._flow((host, port)) or self._meet((host, port))
        flow.credit = _UNBOUNDED
        return flow

    def send(self, flow: Flow, data: bytes) -> None:
        """Send one datagram, or drop and count it: to a stranger who asked for less, or when the socket is
        full."""
        if flow.identity is None and isinstance(flow, UdpFlow):
            flow.credit -= len(data)
            if flow.credit < 0:
                flow.credit += len(data)
                self.withheld += 1
                return
        try:
            self._sock.sendto(data, flow.remote)
            self.sent += 1
        except BlockingIOError:
            self.send_blocked += 1
        except OSError:  # refused by ICMP, unreachable, too large, closed: nothing of ours ends by it
            self.send_errors += 1

    def close(self, flow: Flow | None = None) -> None:
        """Close the socket; asked for one flow, only if the socket was made for that alone (`connect`)."""
        if (flow is None or self._single) and not self.closed:
            self.closed = True
            self._loop.remove_reader(self._sock.fileno())
            self._sock.close()
            self._driver.discount("udp", self)

    def behind(self, now: float) -> float:
        """Seconds for which the socket has held more than was read at a time; 0 if it was read empty."""
        return 0.0 if self._unread_since is None else now - self._unread_since

    def stats(self) -> dict[str, int]:
        """Counters since the start, and the number of remembered flows."""
        return {
            "received": self.received,
            "sent": self.sent,
            "keep_alives": self.keep_alives,
            "unparsable": self.unparsable,
            "receive_errors": self.receive_errors,
            "send_blocked": self.send_blocked,
            "send_errors": self.send_errors,
            "withheld": self.withheld,
            "flows": len(self._held),
        }

    def _readable(self) -> None:
        """Read what is there, a bounded batch; answers leave after each few messages, not after the last."""
        driver = self._driver
        now = driver.clock()
        receive = self._sock.recvfrom
        for number in range(1, _BATCH + 1):
            try:
                data, address = receive(_LARGEST)
            except BlockingIOError:
                self._unread_since = None
                break
            except OSError:  # an ICMP error of an earlier send; the next datagram may be fine
                self.receive_errors += 1
                continue
            self.received += 1
            self._datagram(data, _remote(address) if len(address) > 2 else address, now)
            if self.closed:
                return
            if not number % _TURN:
                driver.drain(now)
                now = driver.clock()
        else:
            self._note_unread(now)
        driver.drain(now)

    def _note_unread(self, now: float) -> None:
        """After a full batch: since when there has been more, if there is."""
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except OSError:
            self._unread_since = None
        else:
            if self._unread_since is None:
                self._unread_since = now

    def _datagram(self, data: bytes, remote: tuple[str, int], now: float) -> None:
        flow = self._flows.get(remote) or self._flow(remote)
        if flow is not None and flow.identity is not None:
            if not self._gate.admit_known(remote, now):
                return
        elif not self._gate.admit(remote[0], now):
            return
        if len(data) < 5 or data[0] < 32:
            if not self._answer_keep_alive(data, remote):
                self._message(data, flow, remote, now)
            return
        self._message(data, flow, remote, now)

    def _message(self, data: bytes, flow: UdpFlow | None, remote: tuple[str, int], now: float) -> None:
        try:
            message = parse(data)
        except PeerError as error:
            self.unparsable += 1
            if error.request is not None and error.request.method != "ACK":
                flow = flow or self._meet(remote)
                flow.credit += self._amplification * len(data)
                self.send(flow, response_to(error.request, error.status, error.reason).to_bytes())
            return
        if flow is None:
            flow = self._meet(remote)
        if flow.identity is None:
            flow.credit += self._amplification * len(data)
        self._driver.receive(message, flow, now, data)

    def _answer_keep_alive(self, data: bytes, remote: tuple[str, int]) -> bool:
        """Whether this was no SIP: blank datagrams are taken in silence, STUN is answered (RFC 5626 section
        4.4)."""
        if not data.strip(b"\r\n\0"):
            self.keep_alives += 1
            return True
        answer = binding_response(data, remote)
        if answer is None:
            return False
        self.keep_alives += 1
        with contextlib.suppress(OSError):
            self._sock.sendto(answer, remote)
        return True

    def _flow(self, remote: tuple[str, int]) -> UdpFlow | None:
        """A flow known from earlier, made young again."""
        flow = self._older.pop(remote, None) or self._held.get(remote)
        if flow is not None:
            self._remember(remote, flow)
        return flow

    def _meet(self, remote: tuple[str, int]) -> UdpFlow:
        free = not self._amplification or self._gate.trusted(remote[0])
        flow = UdpFlow(self._local_for(remote), remote, self, _UNBOUNDED if free else 0)
        self._held[remote] = flow
        self._remember(remote, flow)
        return flow

    def _remember(self, remote: tuple[str, int], flow: UdpFlow) -> None:
        if len(self._flows) * 2 >= self._gate.limits.flows:
            self._older = self._flows
            self._flows = {}
        self._flows[remote] = flow

    def _local_for(self, remote: tuple[str, int]) -> Address:
        """The address a peer reaches us by: as advertised, as bound, or as the routing table says."""
        if self._advertised is not None:
            return self._advertised
        if not self._wildcard:
            return self.address
        with contextlib.suppress(OSError), socket.socket(self._sock.family, socket.SOCK_DGRAM) as probe:
            probe.connect(remote)
            return (probe.getsockname()[0], self.address[1])
        return self.address


def _remote(address: tuple[str, int, int, int]) -> tuple[str, int]:
    """An IPv6 source as (host, port); a link-local host keeps its zone, without which it cannot be
    answered."""
    host, port, _, scope = address
    return (f"{host}%{scope}", port) if scope else (host, port)


async def _bind(sock: socket.socket, address: tuple[object, ...], patience: float) -> None:
    until = asyncio.get_running_loop().time() + patience
    while True:
        try:
            return sock.bind(address)
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE or asyncio.get_running_loop().time() >= until:
                raise
        await asyncio.sleep(_RETRY_SECONDS)


async def listen(
    driver: Driver,
    host: str,
    port: int,
    gate: Gate,
    *,
    advertised: Address | None = None,
    single: bool = False,
    patience: float = 0.0,
) -> UdpListener:
    """Bind a UDP socket (port 0: any free one) and begin to read it.

    `advertised` is the address that goes into Via and Contact, where it is not the one bound (a public
    address before NAT). Raises `OSError` when the address cannot be bound, a taken one after `patience`
    seconds: what a killed PBX left to do holds it for a moment (`testament_executor`).
    """
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
    )
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            with contextlib.suppress(OSError):  # best effort: the kernel caps it at net.core.rmem_max
                sock.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
        await _bind(sock, address, patience)
    except BaseException:
        sock.close()
        raise
    driver.attach(gate)
    driver.count("gate", gate)
    listener = UdpListener(driver, sock, gate, advertised, single=single)
    driver.count("udp", listener)
    return listener

"""One UDP and one TCP port for all WebRTC of a worker: whose packet is it, and of which kind (RFC 7983)."""

from __future__ import annotations

import contextlib
import errno
import logging
import math
import socket
from collections.abc import Callable

from OpenSSL import SSL

from media import stun
from media.dtls import Identity, context
from media.gate import Gate, Path
from media.ice_lite import Credentials, local_ufrag
from media.orders import Order
from media.paths import Address, TcpPath, UdpPath
from media.sockets import Poller

logger = logging.getLogger(__name__)

BURST = 64
SIZE = 4096
_BUFFER = 8 << 20
_FORCE = 33                 # SO_RCVBUFFORCE of Linux
_CONNECTIONS = 512
_UNPROVEN_PER_SOURCE = 16
_PROOF_SECONDS = 10.0       # within which a connection must show an authentic check
_FLUSH_SECONDS = 0.01
_OWNED_SECONDS = 5.0        # so long an address heard of stays with its gate, whoever else claims it
_TRIES = 20


class Mux:
    """The gates of one worker and their two sockets."""

    def __init__(self, address: str, poller: Poller, report: Callable[[Order], None],
                 clock: Callable[[], float]) -> None:
        self._address, self._poller, self._report, self._clock = address, poller, report, clock
        self._context: SSL.Context | None = None
        self._udp: socket.socket | None = None
        self._tcp: socket.socket | None = None
        self._gates: dict[int, Gate] = {}
        self._by_ufrag: dict[str, Gate] = {}
        self._by_address: dict[Address, tuple[Gate, UdpPath]] = {}
        self._connections: set[TcpPath] = set()
        self._shaking: set[Gate] = set()
        self.deadline = math.inf
        self.strangers = 0
        self.verbs: dict[str, Callable[..., None]] = {
            "identity": self._identity, "gate": self._gate, "shut": self._shut,
        }

    def find(self, number: int) -> Gate | None:
        """The open gate of that number."""
        return self._gates.get(number)

    def stats(self) -> dict[str, int]:
        """For the report of life."""
        refused = sum(gate.refused for gate in self._gates.values())
        return {"gates": len(self._gates), "web_strangers": self.strangers, "web_refused": refused,
                "connections": len(self._connections)}

    # -- orders -------------------------------------------------------------------------------------------

    def _identity(self, port: int, certificate: str, key: str) -> None:
        self._context = context(Identity(certificate, key))
        try:
            self._udp, self._tcp = _listen(self._address, port)
        except OSError as error:
            logger.error("no WebRTC: port %d: %s", port, error)
            self._report(["mux", 0, 0])
            return
        self._poller.add(self._udp.fileno(), self._readable)
        self._poller.add(self._tcp.fileno(), self._connectable)
        self._report(["mux", self._udp.getsockname()[1], self._tcp.getsockname()[1]])

    def _gate(self, number: int, ufrag: str, password: str, remote: str | None,
              fingerprints: list[list[str]]) -> None:
        if self._context is None:
            return
        ours = Credentials(ufrag, password)
        gate = self._gates.get(number)
        if gate is None:
            gate = self._gates[number] = Gate(
                number, ours, self._context, lambda why: self._report(["failed", number, why])
            )
        gate.renew(ours, remote, tuple((name, value) for name, value in fingerprints))
        for name in gate.checks.ufrags:
            self._by_ufrag[name] = gate

    def _shut(self, number: int) -> None:
        gate = self._gates.pop(number, None)
        if gate is None:
            return
        gate.dead = True
        self._shaking.discard(gate)
        self._by_ufrag = {name: one for name, one in self._by_ufrag.items() if one is not gate}
        for path in gate.paths:
            self._forget(path, gate)

    def _forget(self, path: Path, gate: Gate) -> None:
        if isinstance(path, TcpPath):
            path.close()
        elif self._by_address.get(path.address, (None,))[0] is gate:
            del self._by_address[path.address]

    # -- UDP ----------------------------------------------------------------------------------------------

    def _readable(self) -> None:
        if self._udp is None:
            return
        recvfrom, known = self._udp.recvfrom, self._by_address
        for _ in range(BURST):
            try:
                data, address = recvfrom(SIZE)
            except OSError:
                return
            if not data:
                continue
            found = known.get(address)
            first = data[0]
            if found is not None and 128 <= first < 192:
                found[0].receive(data)
            elif first < 4:
                self._check_udp(data, address, found)
            elif found is not None and 20 <= first < 64:
                self._shake(found[0], data, found[1])
            else:
                self.strangers += 1

    def _check_udp(self, data: bytes, address: Address, found: tuple[Gate, UdpPath] | None) -> None:
        message = stun.parse(data)
        gate = self._claimed(message)
        if message is None or gate is None or self._udp is None:
            self.strangers += 1
            return
        now = self._clock()
        if found is not None and found[0] is gate:
            path = found[1]
        elif found is not None and not self._given_up(found[0], now):
            self.strangers += 1
            return
        else:
            path = UdpPath(self._udp, address)
        with contextlib.suppress(OSError):
            if gate.check(message, path, now):
                self._by_address[address] = gate, path
                for spare in gate.surplus():
                    self._forget(spare, gate)

    def _claimed(self, message: stun.Message | None) -> Gate | None:
        name = local_ufrag(message) if message is not None else None
        return self._by_ufrag.get(name) if name is not None else None

    def _given_up(self, gate: Gate, now: float) -> bool:
        consent = gate.checks.consent
        return consent is None or now - consent > _OWNED_SECONDS

    def _shake(self, gate: Gate, data: bytes, path: Path) -> None:
        with contextlib.suppress(OSError):
            gate.shake(data, path, self._clock())
        self._await(gate)

    def _await(self, gate: Gate) -> None:
        if gate.deadline is not None:
            self._shaking.add(gate)
        else:
            self._shaking.discard(gate)
        self._plan()

    # -- TCP ----------------------------------------------------------------------------------------------

    def _connectable(self) -> None:
        if self._tcp is None:
            return
        try:
            sock, address = self._tcp.accept()
        except OSError:
            return
        unproven = sum(one.gate is None and one.address[0] == address[0] for one in self._connections)
        if len(self._connections) >= _CONNECTIONS or unproven >= _UNPROVEN_PER_SOURCE:
            self.strangers += 1
            sock.close()
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        path = TcpPath(sock, address, self._clock(), self._arrived, self._ended)
        self._connections.add(path)
        self._poller.add(sock.fileno(), path.readable)

    def _arrived(self, path: TcpPath, data: bytes) -> None:
        gate, first = path.gate, data[0] if data else 255
        if gate is not None and 128 <= first < 192:
            gate.receive(data)
        elif first < 4:
            message = stun.parse(data)
            claimed = self._claimed(message)
            if message is None or claimed is None or gate not in {None, claimed}:
                self.strangers += 1
            else:
                with contextlib.suppress(OSError):
                    if claimed.check(message, path, self._clock()):
                        path.gate = claimed
        elif gate is not None and 20 <= first < 64:
            self._shake(gate, data, path)
        else:
            self.strangers += 1
        if path.waiting:
            self._plan()

    def _ended(self, path: TcpPath) -> None:
        self._poller.remove(path.socket.fileno())
        self._connections.discard(path)
        gate = path.gate
        if gate is not None and path in gate.paths:
            gate.paths.remove(path)
            if gate.path is path:
                gate.path = gate.paths[-1] if gate.paths else None

    # -- time ---------------------------------------------------------------------------------------------

    def handle_timeout(self, now: float) -> None:
        """Repeat flights, write on to slow connections."""
        for gate in list(self._shaking):
            with contextlib.suppress(OSError):
                gate.handle_timeout(now)
            if gate.deadline is None:
                self._shaking.discard(gate)
        for path in [one for one in self._connections if one.waiting]:
            path.flush()
        self._plan()

    def look(self, now: float) -> None:
        """Once a second: who has gone without a word."""
        for gate in self._gates.values():
            gate.lapse(now)
        for path in [one for one in self._connections if one.gate is None]:
            if now - path.born > _PROOF_SECONDS:
                path.close()

    def _plan(self) -> None:
        times = [gate.deadline for gate in self._shaking if gate.deadline is not None]
        if any(one.waiting for one in self._connections):
            times.append(self._clock() + _FLUSH_SECONDS)
        self.deadline = min(times, default=math.inf)

    def close(self) -> None:
        """Close every socket."""
        for path in list(self._connections):
            path.close()
        for one in (self._udp, self._tcp):
            if one is not None:
                self._poller.remove(one.fileno())
                one.close()
        self._udp = self._tcp = None


def _listen(address: str, port: int) -> tuple[socket.socket, socket.socket]:
    """The two sockets, on the same port; port 0: any on which both are free."""
    for attempt in range(_TRIES if port == 0 else 1):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            udp.bind((address, port))
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((address, udp.getsockname()[1]))
            tcp.listen(128)
        except OSError as error:
            udp.close()
            tcp.close()
            if port or error.errno != errno.EADDRINUSE or attempt == _TRIES - 1:
                raise
            continue
        _widen(udp)
        return udp, tcp
    raise OSError(errno.EADDRINUSE, "no free port")


def _widen(udp: socket.socket) -> None:
    for option in (_FORCE, socket.SO_RCVBUF):
        try:
            udp.setsockopt(socket.SOL_SOCKET, option, _BUFFER)
            break
        except OSError:
            continue
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)



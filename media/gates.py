"""The control side's book of a worker's WebRTC: where it listens, as whom, and whose each transport is."""

from __future__ import annotations

from itertools import count

from media.cover import SHARED, Station
from media.dtls import Identity
from media.errors import NoCapacity
from media.orders import Order


class GateBook:
    """One worker's. Numbers are never used twice, so that late packets and orders meet nobody."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._fingerprint = ("", "")
        self._gates = count(1)
        self._streams = count(SHARED)
        self._udp = self._tcp = 0
        self._users: dict[int, tuple[str, str]] = {}

    def introduce(self) -> Order:
        """The worker's first order: who it is, and the port it is to listen on.

        Each worker is somebody new: a browser whose call is moved to it sees by the fingerprint that the old
        keys are gone, and shakes hands anew (RFC 8842 section 5.1).
        """
        identity = Identity.make()
        self._fingerprint = identity.fingerprint
        self._udp = self._tcp = 0
        self._users.clear()
        return ["identity", self._port, identity.certificate, identity.key]

    def listening(self, udp: int, tcp: int) -> None:
        """The worker listens there; 0: it does not."""
        self._udp, self._tcp = udp, tcp

    def station(self, call: str, leg: str, addresses: tuple[str, ...]) -> Station:
        """What a leg of a call may write into its descriptions. Raises NoCapacity when nothing listens."""
        if not self._udp:
            raise NoCapacity("No WebRTC port")

        def gate() -> int:
            number = next(self._gates)
            self._users[number] = (call, leg)
            return number

        return Station(self._udp, self._tcp, self._fingerprint, addresses, gate)

    def stream(self) -> int:
        """A number for a stream that shares the port."""
        return next(self._streams)

    def user(self, gate: int) -> tuple[str, str] | None:
        """Call and leg of a gate still open."""
        return self._users.get(gate)

    def shut(self, gate: int) -> None:
        """The leg needs it no more."""
        self._users.pop(gate, None)

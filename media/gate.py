"""One WebRTC transport in the worker: ICE says where the peer is, DTLS who it is, SRTP carries it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from OpenSSL import SSL

from media import stun
from media.dtls import Fingerprint, Handshake
from media.ice_lite import Checks, Credentials
from media.srtp import Protection

PATHS = 8
_PATIENCE = 4   # datagrams of a handshake that may come before the peer's first check


class Path(Protocol):
    """One way to a peer. `address` is the peer's, as we see it."""

    address: tuple[str, int]

    def send(self, data: bytes) -> int:
        """Send one datagram; raises BlockingIOError or OSError when it cannot be."""


class Carried(Protocol):
    """A stream that a gate carries (media.secured.GateStream)."""

    def receive(self, packet: bytes) -> None: ...
    def receive_report(self, data: bytes) -> None: ...
    def concerned(self, words: Iterable[bytes]) -> bool: ...
    def inward(self, report: bytes) -> bytes: ...


class Gate:
    """See above. Nothing from an address counts before a check from there was authentic; no RTP before the
    peer's certificate was found to be the one its description announced."""

    __slots__ = (
        "_context", "_fingerprints", "_handshake", "_lapsed", "_report", "checks", "dead", "number", "path",
        "paths", "protection", "refused", "streams", "table",
    )

    def __init__(
        self, number: int, ours: Credentials, context: SSL.Context, report: Callable[[str], None]
    ) -> None:
        self.number = number
        self.checks = Checks(ours)
        self.paths: list[Path] = []
        self.path: Path | None = None
        self.protection: Protection | None = None
        self.streams: list[Carried] = []
        self.table: list[Carried | None] = [None] * 256
        self.refused = 0
        self.dead = False
        self._context = context
        self._report = report
        self._lapsed = False
        self._fingerprints: tuple[Fingerprint, ...] = ()
        self._handshake: Handshake | None = None

    # -- what the control side says -----------------------------------------------------------------------

    def renew(self, ours: Credentials, remote: str | None, fingerprints: tuple[Fingerprint, ...]) -> None:
        """A description was agreed: the peer's fragment and certificate, and our credentials, maybe new."""
        self.checks.restart(ours)
        if remote is not None:
            self.checks.expect(remote)
        if fingerprints == self._fingerprints:
            return
        self._fingerprints = fingerprints
        if self.protection is not None and self._handshake and not self._handshake.trusted(fingerprints):
            self.protection, self._handshake = None, None   # another peer: a new association (RFC 8842)
        self.dead = False
        self._conclude()

    def attach(self, stream: Carried, types: Iterable[int]) -> None:
        """Packets of these payload types are the stream's."""
        self.detach(stream)
        self.streams.append(stream)
        for number in types:
            for second in (number, number | 0x80):
                if self.table[second] is None:
                    self.table[second] = stream

    def detach(self, stream: Carried) -> None:
        if stream in self.streams:
            self.streams.remove(stream)
        self.table = [None if one is stream else one for one in self.table]

    # -- what the peer says -------------------------------------------------------------------------------

    def check(self, message: stun.Message, path: Path, now: float) -> bool:
        """A connectivity check; True when its source may be believed from now on."""
        checked = self.checks.receive(message, path.address, now)
        if checked.reply is not None:
            path.send(checked.reply)
        if not checked.valid:
            return False
        self._lapsed = False
        if path not in self.paths:
            self.paths.append(path)
        if self.path is None or checked.nominated:
            self.path = path
        return True

    def surplus(self) -> list[Path]:
        """Paths beyond what a peer needs, oldest first; they are forgotten."""
        spare = [path for path in self.paths if path is not self.path][: max(0, len(self.paths) - PATHS)]
        for path in spare:
            self.paths.remove(path)
        return spare

    def lapse(self, now: float) -> bool:
        """Consent is over: nothing is sent until the peer checks again (RFC 7675). True: just now."""
        if self._lapsed or not self.checks.lapsed(now):
            return False
        self._lapsed, self.path = True, None
        self._report("consent")
        return True

    def shake(self, data: bytes, path: Path, now: float) -> None:
        """A DTLS datagram."""
        if self.dead:
            return
        if self._handshake is None:
            self._handshake = Handshake(self._context, now)
        for datagram in self._handshake.receive(data, now):
            path.send(datagram)
        self._conclude()

    @property
    def deadline(self) -> float | None:
        """When `handle_timeout` is wanted."""
        return self._handshake.deadline if self._handshake is not None and not self.dead else None

    def handle_timeout(self, now: float) -> None:
        """A flight was not answered in time."""
        if self._handshake is not None:
            for datagram in self._handshake.handle_timeout(now):
                if self.path is not None:
                    self.path.send(datagram)
            self._conclude()

    def receive(self, data: bytes) -> None:
        """An SRTP or SRTCP packet (RFC 5761 section 4 tells which)."""
        protection = self.protection
        if protection is None or len(data) < 12:
            self.refused += 1
            return
        if 192 <= data[1] <= 223:
            report = protection.unprotect_rtcp(data)
            if report:
                self._control(report)
            else:
                self.refused += 1
            return
        packet = protection.unprotect(data)
        stream = self.table[data[1]]
        if packet and stream is not None:
            stream.receive(packet)
        else:
            self.refused += 1

    # -- inside -------------------------------------------------------------------------------------------

    def _conclude(self) -> None:
        one = self._handshake
        if one is None or self.protection is not None or self.dead:
            return
        if one.failed:
            self._fail(one.failed)
        elif one.keys is not None and self._fingerprints:
            if one.trusted(self._fingerprints):
                self.protection = Protection(one.keys)
            else:
                self._fail("fingerprint")

    def _fail(self, why: str) -> None:
        self.dead = True
        self._handshake = None
        self._report(why)

    def _control(self, report: bytes) -> None:
        """Hand RTCP to the streams it speaks of."""
        words = {report[at : at + 4] for at in range(4, len(report), 4)}
        for stream in self.streams:
            if len(self.streams) == 1 or stream.concerned(words):
                stream.receive_report(stream.inward(report))

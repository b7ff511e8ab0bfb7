"""One leg's audio or video inside the worker: its sockets, whom it listens to, where its packets go.

A datagram costs one receive, one table look-up and one send. To keep it so, everything rare (the first
packet, digits, a peer that moved) is a change of the function that the poll calls, or of the table's entries.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from media import rtcp, rtp
from media.audio.sound import Sound
from media.audio.work import Plan, Sources
from media.dtmf import DigitDetector
from media.pressing import Pressing
from media.sockets import Poller, leave_peer
from media.sounding import Sounding
from media.srtp import Protection, opened

if TYPE_CHECKING:
    from media.film import Film

Address = tuple[str, int]
SIZE = 4096
BURST = {"audio": 1, "video": 16}   # audio comes one by one: a second read would mostly find nothing
DROP, EVENT, DETOUR, FILM = -1, -2, -3, -4
_NOTHING = (DROP,) * 256
_BYTES = tuple(bytes((number,)) for number in range(256))


@dataclass(frozen=True, slots=True)
class Peer:
    """What a description says of the far end: `expected` source addresses, where to send before any came."""

    kind: str = "audio"
    panel: bool = False
    expected: frozenset[str] = frozenset()
    rtp: Address | None = None
    rtcp: Address | None = None
    sends: bool = True                     # the peer said that it would: then silence means something
    events: tuple[tuple[int, int], ...] = ()   # its telephone-event payload types with their clock rates
    tones: Sources = field(default_factory=dict)   # without those: in which its keys are heard as tones


@dataclass(slots=True)
class Reports:
    """Whom a stream tells what happened; `own` tells whether an address is one of our relay's."""

    first: Callable[[int], None]
    digit: Callable[[int, str, float], None]
    clock: Callable[[], float]
    own: Callable[[Address], bool] = field(default=lambda _: False)
    tone: Callable[[int, str, float], None] = field(default=lambda *_: None)
    overheard: Callable[[int, str, float], None] = field(default=lambda *_: None)


def _refuse(_: bytes) -> NoReturn:
    raise BlockingIOError


class Stream(Sounding):
    """A pair of sockets, idle in the pool or serving one leg."""

    __slots__ = (
        "_detector", "_heard", "_latched_rtcp", "_locked", "_poller", "_reports", "_window", "burst",
        "clocks", "dropped", "film", "hear_report", "last", "latched", "mapping", "number", "octets",
        "packets", "peer", "pressing", "protection", "recv", "recvfrom", "reported", "rtcp", "rtp", "send",
        "sink", "source", "strangers", "table",
    )

    def __init__(
        self, number: int, pair: tuple[socket.socket, socket.socket], poller: Poller, reports: Reports
    ) -> None:
        self.number = number
        self.rtp, self.rtcp = pair
        self.recv: Callable[..., bytes] = self.rtp.recv
        self.recvfrom: Callable[..., tuple[bytes, Address]] = self.rtp.recvfrom
        self._poller, self._reports = poller, reports
        self.protection: Protection | None = None
        self._clear()
        poller.add(self.rtp.fileno(), self.idle)
        poller.add(self.rtcp.fileno(), self.control)

    def _clear(self) -> None:
        self.peer: Peer | None = None
        self.latched: Address | None = None
        self._latched_rtcp: Address | None = None
        self._locked = self._heard = False
        self._window: float | None = None
        self.sink: Stream | None = None
        self.source: Stream | None = None
        self.send: Callable[[bytes], int] = _refuse
        self.mapping: dict[int, int] = {}
        self.table: list[int] | tuple[int, ...] = _NOTHING
        self.clocks: dict[int, int] = {}
        self._detector = DigitDetector()
        self.pressing: Pressing | None = None
        self.sound: Sound | None = None          # only where sound needs more than to be passed on
        self.film: Film | None = None            # set by the relay while this stream's picture is filmed
        self.hear_report: Callable[[bytes], None] = self.pass_report
        self.burst = 1
        self.packets = self.octets = self.strangers = self.dropped = self.unsent = self.reported = 0
        self.last = b""

    # -- set up ------------------------------------------------------------------------------------------

    def serve(self, peer: Peer, relatch: float) -> None:
        """Begin to serve a peer, or the same one by a new description.

        After a new one it may move to another of its addresses once, within `relatch` seconds.
        """
        first, self.peer = self.peer is None, peer
        self.burst = BURST.get(peer.kind, 1)
        self.clocks = {pt: clock for pt, clock in peer.events}
        self._detector.renew()
        if peer.tones or self.sound is not None:
            self.sounding().hear_tones(peer.tones)
            self.sounding().listen(self._detector.listens)
        if self.latched is not None and self.latched[0] not in peer.expected:
            self.latched = None
        self._latched_rtcp = None
        self._window = None if first else self._reports.clock() + relatch
        self._unlock()
        self._arm(self.listen)
        self._retarget()
        self._fill()

    def release(self) -> None:
        """Back to the pool: whatever still arrives meets nobody."""
        if self.source is not None:
            self.source.join(None, ())
        self.join(None, ())
        self._unlock()
        self.protect(None)
        self._arm(self.idle)
        self._clear()

    def protect(self, protection: Protection | None) -> None:
        """From now on this stream's peer is spoken to under protection; `serve` is to follow."""
        self.protection = protection
        self.recv, self.recvfrom = self.rtp.recv, self.rtp.recvfrom
        if protection is not None:
            self.recv, self.recvfrom = opened(self.rtp, protection.unprotect)

    def _arm(self, readable: Callable[[], None]) -> None:
        self._poller.handlers[self.rtp.fileno()] = readable

    def close(self) -> None:
        for one in (self.rtp, self.rtcp):
            self._poller.remove(one.fileno())
            one.close()

    def join(
        self, sink: Stream | None, mapping: Iterable[tuple[int, int]], plan: Plan | None = None
    ) -> None:
        """Send what arrives to `sink`, payload types as the pairs say; `plan` is what its sound needs."""
        if self.sink is not None and self.sink is not sink:
            self.sink.source = None
        if sink is not None:
            if sink.source is not None and sink.source is not self:
                sink.source.join(None, ())
            sink.source = self
        self.sink = sink
        # P3: whatever the control side asked for, no picture goes to a panel.
        shut = sink is None or (sink.peer is not None and sink.peer.panel and sink.peer.kind == "video")
        self.mapping = {} if shut else {
            came | marker: goes | marker for came, goes in mapping for marker in (0, 0x80)
        }
        if plan is not None or self.sound is not None:
            self.sounding().plan(plan)
            if plan is not None and plan.target is not None and sink is not None:
                sink.renumber(plan.target.clock)
        self._fill()
        self._aim()

    def listen_digits(self, on: bool) -> None:
        self._detector.listen(on, self._reports.clock())
        if self.sound is not None:
            self.sound.listen(on)
            self._fill()

    def _fill(self) -> None:
        """Lay out the table of the hot path: by the packet's second byte, what becomes of it."""
        sink = self.sink
        detour = sink is not None and (sink.pressing is not None or sink.renumbered)
        table = [DROP] * 256
        for came, goes in self.mapping.items():
            table[came] = DETOUR if detour else goes
        for payload_type in self.sound.touches(self.mapping) if self.sound is not None else ():
            table[payload_type] = table[payload_type | 0x80] = DETOUR
        for payload_type in self.film.plan.codecs if self.film is not None else ():
            table[payload_type] = table[payload_type | 0x80] = FILM
        for payload_type in self.clocks:
            table[payload_type] = table[payload_type | 0x80] = EVENT
        self.table = table

    def filmed(self, film: Film | None) -> None:
        """Give every picture packet to `film` from now on, or to none; reports then go to it as well."""
        self.film = film
        self.hear_report = self.pass_report if film is None else self._film_report
        self._fill()

    def _film_report(self, data: bytes) -> None:
        if self.film is not None:
            self.film.reported(data, self._reports.clock())

    def _retarget(self) -> None:
        if self.source is not None:
            self.source._aim()

    def _aim(self) -> None:
        self.send = _refuse if self.sink is None else self.sink.outlet()

    @property
    def ready(self) -> bool:
        """Whether there is anybody to send to."""
        described = self.peer is not None and self.peer.rtp is not None
        return self._locked or self.latched is not None or described

    def outlet(self) -> Callable[[bytes], int]:
        """What sends one packet to this stream's peer."""
        plain = self._plain_outlet()
        if self.protection is None or plain is _refuse:
            return plain
        protect = self.protection.protect
        return lambda data: plain(protect(data) or _refuse(data))

    def _plain_outlet(self) -> Callable[[bytes], int]:
        if self._locked:
            return self.rtp.send
        target = self.latched or (self.peer.rtp if self.peer is not None else None)
        if target is None:
            return _refuse
        sendto = self.rtp.sendto
        return lambda data: sendto(data, target)

    # -- receiving: one of these three is what the poll calls ---------------------------------------------

    def idle(self) -> None:
        """In the pool: read and forget."""
        for _ in range(32):
            try:
                self.recvfrom(16)
            except OSError:
                return

    def listen(self) -> None:
        """Not yet sure of the peer: read with the source's address and accept only an expected one."""
        for _ in range(32):
            try:
                data, address = self.recvfrom(SIZE)
            except OSError:
                return
            if not self._admit(address):
                self.strangers += 1
                continue
            if not rtp.plausible(data):
                self.dropped += 1
                continue
            self._relay(data)
            if self._window is None and self._lock():
                return

    def forward(self) -> None:
        """Sure of the peer: the socket is connected, the kernel keeps everybody else out."""
        recv = self.recv
        for _ in range(self.burst):
            try:
                data = recv(SIZE)
            except OSError:   # nothing more, or the peer's port is closed just now
                return
            size = len(data)
            if size < 12 or not 128 <= data[0] < 192:
                self.dropped += 1
                continue
            self.packets += 1
            self.octets += size
            self.last = data
            second = data[1]
            code = self.table[second]
            try:
                if code == second:
                    self.send(data)
                elif code >= 0:
                    self.send(data[:1] + _BYTES[code] + data[2:])
                elif code == DROP:
                    self.dropped += 1
                else:
                    self._detour(data, code)
            except OSError:
                self.unsent += 1

    def _relay(self, data: bytes) -> None:
        """The same for a packet that was read by `listen`."""
        if not self._heard:
            self._heard = True
            self._reports.first(self.number)
        self.packets += 1
        self.octets += len(data)
        self.last = data
        code = self.table[data[1]]
        try:
            if code >= 0:
                self.send(data[:1] + _BYTES[code] + data[2:])
            elif code == DROP:
                self.dropped += 1
            else:
                self._detour(data, code)
        except OSError:
            self.unsent += 1

    def _detour(self, data: bytes, code: int) -> None:
        second = data[1]
        if code == EVENT:
            clock = self.clocks.get(second & 0x7F, 8000)
            packet = rtp.parse(data)
            now = self._reports.clock()
            digit = self._detector.receive(packet, clock, now) if packet is not None else None
            if digit is not None and self.counts(digit, now):
                self._reports.digit(self.number, digit, now)
        elif code == FILM and self.film is not None:
            packet = rtp.parse(data)
            if packet is not None:
                self.film.take(packet, self._reports.clock())
        goes = self.mapping.get(second)
        if self.sound is not None:
            for made in self.sound.receive(data, goes, self._reports.clock()):
                self._deliver(made)
        elif goes is not None:
            self._deliver(data[:1] + _BYTES[goes] + data[2:])

    def _deliver(self, data: bytes) -> None:
        """Send a packet that has the sink's payload type, numbered as the sink's peer has to see it."""
        out = self.sink.as_heard(data) if self.sink is not None else None
        if out is not None:
            self.send(out)

    def press(self, digit: str, payload_type: int, clock: int, fresh: tuple[int, int, int]) -> None:
        """Send a key to this stream's peer, within the stream that it hears; `fresh` (SSRC, sequence number,
        timestamp) begins one if it hears none. The relay calls `press_on` every 20 ms until it is False."""
        if self.pressing is None:
            self.pressing = Pressing(*self.place(fresh))
        self.pressing.press(digit, payload_type, clock)
        if self.source is not None:
            self.source._fill()

    def press_on(self) -> bool:
        """Send the next packet of the keys that wait; False when none is left."""
        if self.pressing is None or not self.pressing.active:
            return False
        packet = self.pressing.step()
        if packet is not None:
            try:
                self.outlet()(packet)
            except OSError:
                self.unsent += 1
        return self.pressing.active

    # -- whom to believe ----------------------------------------------------------------------------------

    def _admit(self, address: Address) -> bool:
        """Whether a datagram counts: the first expected source is kept; a new description allows one move."""
        if self.latched == address:
            return True
        if self.latched is not None and self._window is None:
            return False
        if self.peer is None or address[0] not in self.peer.expected or self._reports.own(address):
            return False
        self.latched, self._window = address, None
        self._retarget()
        return True

    def _lock(self) -> bool:
        if self.latched is None:
            return False
        try:
            self.rtp.connect(self.latched)
        except OSError:
            return False   # no route just now: go on by address
        self._locked = True
        # What was queued before connect() was let in by nobody: read it with its address once more.
        for _ in range(SIZE):
            try:
                data, address = self.recvfrom(SIZE)
            except OSError:
                break
            if address == self.latched and rtp.plausible(data):
                self._relay(data)
            else:
                self.strangers += 1
        self._arm(self.forward)
        self._retarget()
        return True

    def _unlock(self) -> None:
        if self._locked:
            self._locked = False
            leave_peer(self.rtp)

    def settle(self, now: float) -> None:
        """Close the window in which a peer may move, when its time is over."""
        if self._window is not None and now >= self._window and self.latched is not None:
            self._window = None
            self._lock()

    # -- RTCP ---------------------------------------------------------------------------------------------

    def control(self) -> None:
        """RTCP passes as it is, from the same addresses and latched the same way."""
        for _ in range(8):
            try:
                data, address = self.rtcp.recvfrom(SIZE)
            except OSError:
                return
            if self.protection is not None:
                data = self.protection.unprotect_rtcp(data)
                address = address if data else ("", 0)
            if self.peer is None or not self._admit_rtcp(address):
                self.strangers += self.peer is not None
                continue
            self.receive_report(data)

    def receive_report(self, data: bytes) -> None:
        """One RTCP datagram of this stream's peer, in the clear."""
        if not rtcp.plausible(data):
            self.dropped += 1
            return
        self.reported += 1
        self.hear_report(data)

    def pass_report(self, data: bytes) -> None:
        """What becomes of RTCP where no film ends it: it goes to the far end as it is, but speaks of numbers
        that nobody sees where we give our own."""
        if self.sink is not None and not self.sink.renumbered:
            self.sink.send_report(data)

    def send_report(self, data: bytes) -> None:
        """Send RTCP to this stream's peer."""
        target = self.report_target()
        if self.protection is not None:
            data = self.protection.protect_rtcp(data)
        if target is not None and data:
            try:
                self.rtcp.sendto(data, target)
            except OSError:
                self.unsent += 1

    def _admit_rtcp(self, address: Address) -> bool:
        if self._latched_rtcp is None and self.peer is not None:
            if address[0] in self.peer.expected and not self._reports.own(address):
                self._latched_rtcp = address
        return self._latched_rtcp == address

    def report_target(self) -> Address | None:
        """Where RTCP to this peer goes."""
        if self._latched_rtcp is not None:
            return self._latched_rtcp
        signalled = self.peer.rtcp if self.peer is not None else None
        if signalled is not None and self.latched is not None:
            return self.latched[0], signalled[1]
        return signalled

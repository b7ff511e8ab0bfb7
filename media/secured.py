"""Streams of protected legs: to the relay they are like any other (RFC 3711; SSRCs: RFC 3550 section 8)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from media import rtp
from media.gate import Gate
from media.srtp import Protection
from media.stream import Reports, Stream

_NUMBERS = struct.Struct("!HI")
_STEP_SECONDS = 0.02


class GateStream(Stream):
    """Audio or video of a WebRTC leg. It has no socket: its gate gives and takes packets.

    What goes to the peer bears one SSRC of ours, whatever its source, and is numbered on when the source
    changes: libsrtp and browsers want it so, and our description names that SSRC.
    """

    __slots__ = ("_came", "_own", "_sent", "_sequence_shift", "_since", "_time_shift", "clock", "gate")

    def __init__(self, number: int, gate: Gate, ssrc: int, clock: int, reports: Reports) -> None:
        self.number = number
        self.gate = gate
        self.clock = clock
        self._own = ssrc.to_bytes(4, "big")
        self._came = b""
        self._sent = b""
        self._since = 0.0
        self._sequence_shift = self._time_shift = 0
        self._reports = reports
        self._clear()

    # -- no sockets ---------------------------------------------------------------------------------------

    def _arm(self, readable: Callable[[], None]) -> None:
        """Nothing to poll."""

    def _lock(self) -> bool:
        return False

    def protect(self, protection: Protection | None) -> None:
        """Its gate does."""

    def close(self) -> None:
        self.gate.detach(self)

    def release(self) -> None:
        super().release()
        self.gate.detach(self)

    # -- from the peer ------------------------------------------------------------------------------------

    def receive(self, packet: bytes) -> None:
        """One RTP packet, opened."""
        self._relay(packet)

    def concerned(self, words: Iterable[bytes]) -> bool:
        """Whether RTCP with these words in it speaks of this stream, either way."""
        return self._own in words or (bool(self.last) and self.last[8:12] in words)

    def inward(self, report: bytes) -> bytes:
        """The peer speaks of our SSRC; whoever feeds the stream knows its own."""
        return exchange(report, self._own, self._came) if self._came else report

    # -- to the peer --------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        return self.gate.protection is not None and self.gate.path is not None

    def outlet(self) -> Callable[[bytes], int]:
        return self._emit

    def _emit(self, data: bytes) -> int:
        gate = self.gate
        protection, path = gate.protection, gate.path
        if protection is None or path is None:
            raise BlockingIOError
        if data[8:12] != self._came:
            self._switch(data)
        if self._sequence_shift or self._time_shift:
            _, sequence, timestamp = rtp.position(data)
            numbers = _NUMBERS.pack(
                sequence + self._sequence_shift & 0xFFFF, timestamp + self._time_shift & 0xFFFFFFFF
            )
            data = data[:2] + numbers + self._own + data[12:]
        elif self._came != self._own:   # a film's packets have the right name already
            data = data[:8] + self._own + data[12:]
        self._sent = data
        packet = protection.protect(data)
        if not packet:
            raise BlockingIOError
        return path.send(packet)

    def _switch(self, data: bytes) -> None:
        """Another source: go on where the last one ended, as much later as it is now."""
        now = self._reports.clock()
        if self._sent:
            _, last, moment = rtp.position(self._sent)
            _, sequence, timestamp = rtp.position(data)
            passed = max(_STEP_SECONDS, now - self._since)
            self._sequence_shift = last + 1 - sequence & 0xFFFF
            self._time_shift = moment + round(passed * self.clock) - timestamp & 0xFFFFFFFF
        self._came, self._since = data[8:12], now

    def send_report(self, data: bytes) -> None:
        protection, path = self.gate.protection, self.gate.path
        if protection is None or path is None:
            return
        if self._came:
            data = exchange(data, self._came, self._own)
        packet = protection.protect_rtcp(data)
        try:
            if packet:
                path.send(packet)
        except OSError:
            self.unsent += 1


def exchange(report: bytes, old: bytes, new: bytes) -> bytes:
    """RTCP with one SSRC in place of another, wherever a word of it is that (but the heads)."""
    if old not in report:
        return report
    words = [report[at : at + 4] for at in range(0, len(report), 4)]
    return b"".join([new if word == old else word for word in words])

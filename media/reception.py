"""What a receiver reports of a source: loss, jitter, highest number, last report (RFC 3550, A.1-A.8)."""

from __future__ import annotations

from media import rtcp
from media.rtp import Packet

_RESTART = 3_000


class Reception:
    """One source's statistics; a packet costs some additions."""

    __slots__ = (
        "_base", "_clock", "_cycles", "_expected", "_highest", "_jitter", "_prior", "_received", "_sent",
        "_sent_at", "_transit", "ssrc",
    )

    def __init__(self, clock: int = 90_000) -> None:
        self._clock = clock
        self.ssrc: int | None = None
        self._begin(0, 0)

    def _begin(self, ssrc: int, sequence: int) -> None:
        self.ssrc = ssrc or None
        self._base = self._highest = sequence
        self._cycles = self._received = self._expected = self._prior = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._sent, self._sent_at = 0, 0.0

    def take(self, packet: Packet, now: float) -> None:
        """A packet arrived."""
        ahead = (packet.sequence - self._highest) & 0xFFFF
        if packet.ssrc != self.ssrc or _RESTART < ahead < 0x10000 - _RESTART:
            self._begin(packet.ssrc, packet.sequence)
        elif ahead < 0x8000:
            if packet.sequence < self._highest:
                self._cycles += 0x10000
            self._highest = packet.sequence
        self._received += 1
        transit = now * self._clock - packet.timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < 0x80000000:   # the timestamp went round
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit

    def reported(self, info: rtcp.SenderInfo, now: float) -> None:
        """A sender report of this source arrived."""
        if info.ssrc == self.ssrc:
            self._sent, self._sent_at = info.ntp >> 16 & 0xFFFFFFFF, now

    def report(self, sender: int, now: float) -> bytes:
        """A receiver report in the name of `sender`; without a source yet, an empty one (section 6.4.2)."""
        head = sender.to_bytes(4, "big")
        if self.ssrc is None:
            return rtcp.build(rtcp.RECEIVER_REPORT, 0, head)
        highest = self._cycles + self._highest
        expected = highest - self._base + 1
        lost = max(-0x800000, min(0x7FFFFF, expected - self._received))
        recent, arrived = expected - self._expected, self._received - self._prior
        self._expected, self._prior = expected, self._received
        share = min(255, (recent - arrived) * 256 // recent) if recent > arrived > -1 and recent > 0 else 0
        since = round((now - self._sent_at) * 65_536) if self._sent else 0
        numbers = (highest, int(self._jitter), self._sent, since)
        block = self.ssrc.to_bytes(4, "big") + bytes((share,)) + (lost & 0xFFFFFF).to_bytes(3, "big")
        block += b"".join((one & 0xFFFFFFFF).to_bytes(4, "big") for one in numbers)
        return rtcp.build(rtcp.RECEIVER_REPORT, 1, head + block)

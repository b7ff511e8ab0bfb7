"""One direction of a call turned from one codec into another, packet by packet, by the sender's own clock.

Timestamps say where sound belongs (RFC 3550 section 5.1), never the count of packets: what a sender leaves
out (silence, RFC 3551 section 4.1) is left out on the other side too, and what was lost is missing there as
well, so that the receiver hides it. There is no buffer for jitter: the receiver has one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from media import rtp
from media.audio import codecs

MAX_GAP_SECONDS = 60
"""A longer jump of timestamps is a new beginning."""
_LATE = 10        # so many old packets in a row: the sender began anew
_NOISE = np.random.default_rng(1).standard_normal(960)


@dataclass(frozen=True, slots=True)
class Target:
    """What to write: payload type, codec name and RTP clock, its reader's fmtp, milliseconds in a packet."""

    payload_type: int
    name: str
    clock: int
    fmtp: str = ""
    ptime: int = 20


class Transcoder:
    """Sound at `rate`, handed in with the packet it came in, to packets of the target.

    Numbering begins with the first packet's and goes on without a break, whoever sends.
    """

    def __init__(self, target: Target, rate: int) -> None:
        self._target, self._rate = target, rate
        self._encoder = codecs.encoder(target.name, rate, target.fmtp)
        self._frame = rate * target.ptime // 1000
        self._pending = b""
        self._position = 0          # of the first pending sample, since the beginning
        self._begun = False
        self._marker = True
        self._source = self._newest = self._expected = self._late = 0
        self._ssrc = self._sequence = self._base = 0

    def accepts(self, packet: rtp.Packet) -> bool:
        """Whether the packet is newer than all before; a late one has no place any more."""
        if not self._begun or packet.ssrc != self._source:
            return True
        if 0 < (packet.sequence - self._newest) & 0xFFFF < 0x8000:
            return True
        self._late += 1
        return self._late > _LATE

    def push(self, packet: rtp.Packet, samples: bytes, clock: int) -> list[bytes]:
        """Packets that are complete with these samples. `clock`: timestamp units a second of the source."""
        made = self._follow(packet, clock)
        if packet.marker:
            self._marker = True
        self._pending += samples
        self._expected = packet.timestamp + len(samples) // 2 * clock // self._rate
        return made + self._emit()

    def event(self, packet: rtp.Packet, clock: int, payload_type: int, to_clock: int) -> list[bytes]:
        """A telephone-event at its place in our numbering, its duration by our clock (RFC 4733 2.3)."""
        if not self._begun:
            self._begin(packet)
        elif packet.ssrc == self._source:
            self._newest = packet.sequence
        position = self._position + len(self._pending) // 2 + self._ahead(packet, clock)
        payload = packet.payload
        if clock != to_clock and len(payload) >= 4:
            duration = min(int.from_bytes(payload[2:4], "big") * to_clock // clock, 0xFFFF)
            payload = payload[:2] + duration.to_bytes(2, "big") + payload[4:]
        return [self._build(payload_type, position, payload, packet.marker)]

    def comfort(self, packet: rtp.Packet, clock: int, payload_type: int | None) -> list[bytes]:
        """Comfort noise (RFC 3389): as such where the reader knows it, else one packet of such a noise."""
        if payload_type is None:
            level = packet.payload[0] & 0x7F if packet.payload else 70
            loud = 32_767 * 10 ** (-max(level, 30) / 20)
            noise = (_NOISE[: self._frame] * loud).astype(np.int16)
            return self.push(packet, noise.tobytes(), clock)
        made = self._follow(packet, clock)
        self._expected = packet.timestamp
        return [*made, self._build(payload_type, self._position, packet.payload, packet.marker)]

    # -- where a packet belongs ---------------------------------------------------------------------------

    def _begin(self, packet: rtp.Packet) -> None:
        self._begun = True
        self._ssrc, self._sequence, self._base = packet.ssrc, packet.sequence, packet.timestamp
        self._source, self._newest, self._expected = packet.ssrc, packet.sequence, packet.timestamp

    def _ahead(self, packet: rtp.Packet, clock: int) -> int:
        """By how many samples the packet is later than the end of what came before."""
        units = (packet.timestamp - self._expected + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        return units * self._rate // clock

    def _follow(self, packet: rtp.Packet, clock: int) -> list[bytes]:
        """Go to the packet's place; what was pending before a gap is completed with silence."""
        if not self._begun:
            self._begin(packet)
            return []
        lost = ((packet.sequence - self._newest) & 0xFFFF) - 1
        gap = self._ahead(packet, clock)
        renewed = packet.ssrc != self._source or self._late > _LATE
        self._source, self._newest, self._late = packet.ssrc, packet.sequence, 0
        if renewed or not 0 <= gap <= MAX_GAP_SECONDS * self._rate:
            self._marker = self._marker or renewed or gap < -self._frame
            return []
        return self._leave_out(gap, lost) if gap else []

    def _leave_out(self, gap: int, lost: int) -> list[bytes]:
        made: list[bytes] = []
        if self._pending:
            filled = min(gap, self._frame - len(self._pending) // 2)
            self._pending += bytes(2 * filled)
            gap -= filled
            made = self._emit()
        if gap:
            self._position += gap
            if lost > 0:
                self._sequence += max(1, min(round(gap / self._frame), 0x7FFF))
            else:
                self._marker = True
        return made

    # -- packets ------------------------------------------------------------------------------------------

    def _emit(self) -> list[bytes]:
        made, size = [], 2 * self._frame
        while len(self._pending) >= size:
            payload = self._encoder.encode(self._pending[:size])
            self._pending = self._pending[size:]
            made.append(self._build(self._target.payload_type, self._position, payload, self._marker))
            self._marker = False
            self._position += self._frame
        return made

    def _build(self, payload_type: int, position: int, payload: bytes, marker: bool) -> bytes:
        timestamp = self._base + position * self._target.clock // self._rate
        packet = rtp.build(payload_type, self._sequence, timestamp, self._ssrc, payload, marker=marker)
        self._sequence += 1
        return packet

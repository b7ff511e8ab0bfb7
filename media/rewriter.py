"""One outgoing stream made of whatever source feeds it: numbered, timed and named as one (RFC 3550, 5.1).

A receiver's jitter buffer, and the SRTP index of RFC 3711, depend on a numbering that never jumps: a new
source goes on where the last one stopped. Extensions, CSRCs and padding are left behind.
"""

from __future__ import annotations

from media import rtp
from media.rtp import Packet

_AHEAD = 3_000   # RFC 3550 A.1, MAX_DROPOUT: more is a source that began anew
_BEHIND = 100    # RFC 3550 A.1, MAX_MISORDER
_STEP_SECONDS = 1 / 30
_JUMP_SECONDS = 10.0


class Rewriter:
    """Begins at `sequence` and `timestamp`, both at random (RFC 3550 section 5.1); `clock` in Hz."""

    __slots__ = (
        "_at", "_begun", "_clock", "_edge", "_first", "_highest", "_newest", "_older", "_shift", "_source",
        "_turn", "octets", "packets", "sequence", "ssrc", "timestamp",
    )

    def __init__(self, ssrc: int, sequence: int, timestamp: int, clock: int = 90_000) -> None:
        self.ssrc = ssrc
        self.sequence = sequence          # the last one given out
        self.timestamp = timestamp        # the newest one given out
        self.packets = self.octets = 0
        self._clock = clock
        self._source: int | None = None
        self._first = self._highest = self._newest = 0
        self._shift = self._older = self._edge = 0
        self._turn = self._begun = 0
        self._at = 0.0

    def rewrite(self, packet: Packet, payload_type: int, now: float) -> bytes | None:
        """The packet as this stream's own; None when it is too old to have a place."""
        ahead = (packet.sequence - self._highest) & 0xFFFF
        if packet.ssrc != self._source or self._jumps(packet, ahead):
            self._switch(packet, now)
        elif 0 < ahead < 0x8000:
            self._highest, self._newest, self._at = packet.sequence, packet.timestamp, now
        elif self.packets - self._begun < 2 * _BEHIND and (packet.sequence - self._first) & 0xFFFF >= 0x8000:
            return None
        late = (packet.sequence - self._edge) & 0xFFFF >= 0x8000
        if late and (self._highest - self._edge) & 0xFFFF > _BEHIND:   # no: the edge is half a round ago
            self._older, self._edge, late = self._shift, self._highest, False
        sequence = packet.sequence + (self._older if late else self._shift) & 0xFFFF
        timestamp = packet.timestamp + self._turn
        return self._give(payload_type, sequence, timestamp, packet.payload, packet.marker)

    def insert(self, before: Packet, payload_type: int, payload: bytes, now: float) -> bytes | None:
        """A packet of ours just before one that is about to be rewritten, with the same time.

        None when that one is late: its place is between two numbers already given out.
        """
        ahead = (before.sequence - self._highest) & 0xFFFF
        if before.ssrc != self._source or self._jumps(before, ahead):
            self._switch(before, now)
        elif ahead >= 0x8000 or ahead == 0:
            return None
        self._older, self._edge = self._shift, before.sequence
        sequence = (before.sequence + self._shift) & 0xFFFF
        self._shift = (self._shift + 1) & 0xFFFF
        return self._give(payload_type, sequence, before.timestamp + self._turn, payload, False)

    def rest(self) -> None:
        """Packets of the source were kept back: the next one follows the last one given out."""
        self._source = None

    def time_of(self, timestamp: int) -> int:
        """A moment of the source's clock on ours."""
        return (timestamp + self._turn) & 0xFFFFFFFF

    @property
    def source(self) -> int | None:
        """SSRC that feeds the stream now."""
        return self._source

    def _jumps(self, packet: Packet, ahead: int) -> bool:
        if _AHEAD < ahead < 0x10000 - _BEHIND:
            return True
        drift = (packet.timestamp - self._newest + 0x80000000 & 0xFFFFFFFF) - 0x80000000
        return abs(drift) > _JUMP_SECONDS * self._clock

    def _switch(self, packet: Packet, now: float) -> None:
        """Another source, or the same one begun anew: go on after what was sent last."""
        begun = self.packets > 0
        passed = max(now - self._at, _STEP_SECONDS) if begun else 0.0
        self.timestamp = self.timestamp + round(passed * self._clock) & 0xFFFFFFFF
        self._turn = self.timestamp - packet.timestamp
        self._shift = self._older = (self.sequence + 1 - packet.sequence) & 0xFFFF
        self._edge = self._first = self._highest = packet.sequence
        self._source, self._newest, self._at = packet.ssrc, packet.timestamp, now
        self._begun = self.packets

    def _give(self, payload_type: int, sequence: int, timestamp: int, payload: bytes, marker: bool) -> bytes:
        if (sequence - self.sequence) & 0xFFFF < 0x8000:
            self.sequence = sequence
        if (timestamp - self.timestamp) & 0xFFFFFFFF < 0x80000000:
            self.timestamp = timestamp & 0xFFFFFFFF
        self.packets += 1
        self.octets += len(payload)
        return rtp.build(payload_type, sequence, timestamp, self.ssrc, payload, marker=marker)

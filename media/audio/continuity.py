"""One numbering for what a leg hears, whoever speaks: its peer, another codec's maker, a prompt of ours.

Receivers' jitter buffers and SRTP's roll-over count (RFC 3711 section 3.3.1) rest on SSRC, sequence number
and timestamp going on when the source changes.
"""

from __future__ import annotations

import struct

from media import rtp

_FIXED = struct.Struct("!BBHII")
_FRAME_SECONDS = 0.02
_OURS = -1


class Continuity:
    """Begins after the (SSRC, sequence number, timestamp) last heard, sent at `at`; None: whatever comes.

    `clock` is the timestamp units a second of what the leg hears, to be set when that changes.
    """

    __slots__ = ("_at", "_from", "_offsets", "_since", "clock", "last")

    def __init__(self, last: tuple[int, int, int] | None, at: float, clock: int = 8000) -> None:
        self.last = last
        self.clock = clock
        self._at = at
        self._from: int | None = None
        self._offsets = (0, 0)
        self._since = 0             # numbers used since this source began

    def pass_on(self, data: bytes, now: float) -> bytes | None:
        """A packet of somebody's stream in our numbering; None for one from before its turn."""
        ssrc, sequence, timestamp = rtp.position(data)
        second = data[1]
        if ssrc != self._from:
            second |= 0x80
            self._turn_to(ssrc, sequence, timestamp, now)
        ours, own, last = self._ours(ssrc), (sequence + self._offsets[0]) & 0xFFFF, self.last
        age = ((last[1] if last is not None else own - 1) - own) & 0xFFFF
        if age < 0x8000 and age >= self._since:
            return None
        moment = (timestamp + self._offsets[1]) & 0xFFFFFFFF
        if age >= 0x8000:
            self._since = min(self._since + 0x10000 - age, 0x7FFF)
            self.last, self._at = (ours, own, moment), now
        return _FIXED.pack(data[0], second, own, moment, ours) + data[12:]

    def add(self, payload_type: int, payload: bytes, now: float, fresh: tuple[int, int, int]) -> bytes:
        """A packet of our own, next in line; `fresh` numbers begin where nothing was heard yet."""
        first = self._from != _OURS
        if self.last is None:
            ssrc, sequence, timestamp = fresh
        else:
            ssrc, sequence, timestamp = self.last
            sequence, timestamp = sequence + 1, timestamp + self._elapsed(now, steady=not first)
        self._from = _OURS
        self.last, self._at = (ssrc, sequence & 0xFFFF, timestamp & 0xFFFFFFFF), now
        return rtp.build(payload_type, sequence, timestamp, ssrc, payload, marker=first)

    def interrupt(self) -> None:
        """Whoever comes next begins a turn."""
        self._from = None

    def _ours(self, ssrc: int) -> int:
        return self.last[0] if self.last is not None else ssrc

    def _turn_to(self, ssrc: int, sequence: int, timestamp: int, now: float) -> None:
        self._from, self._since = ssrc, 0
        if self.last is None:
            self._offsets = (0, 0)
            return
        _, last, moment = self.last
        self._offsets = (last + 1 - sequence, moment + self._elapsed(now, steady=False) - timestamp)

    def _elapsed(self, now: float, *, steady: bool) -> int:
        frame = round(_FRAME_SECONDS * self.clock)
        return frame if steady else max(frame, round((now - self._at) * self.clock))

"""Looks at a stream's counters now and then: is it silent, how much was lost."""

from __future__ import annotations


class Watch:
    """What the last look saw. A look costs the packet path nothing: it reads counters and the last packet."""

    __slots__ = ("_counters", "_packets", "_sequence", "_since", "_ssrc", "_told", "lost")

    def __init__(self, now: float) -> None:
        self._counters = (0, 0)
        self._since = now
        self._told = False
        self._ssrc = b""
        self._sequence = self._packets = 0
        self.lost = 0

    def restart(self, now: float) -> None:
        """A new description: silence counts anew."""
        self._since, self._told = now, False

    def look(self, packets: int, reported: int, last: bytes, now: float) -> float:
        """Seconds since anything was heard; call about once a second."""
        if (packets, reported) != self._counters:
            self._counters, self._since, self._told = (packets, reported), now, False
            if last:
                self._estimate(packets, last)
        return now - self._since

    def tell_once(self) -> bool:
        """True the first time in one silence."""
        told, self._told = self._told, True
        return not told

    def _estimate(self, packets: int, last: bytes) -> None:
        """Lost = how far the sequence number went on, less what came (RFC 3550 A.3, between looks)."""
        ssrc, sequence = last[8:12], last[2] << 8 | last[3]
        if ssrc == self._ssrc:
            ahead = (sequence - self._sequence) & 0xFFFF
            if ahead < 0x8000:
                self.lost += max(0, ahead - (packets - self._packets))
        self._ssrc, self._sequence, self._packets = ssrc, sequence, packets

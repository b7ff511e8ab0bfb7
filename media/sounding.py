"""The part of a stream that is about sound, where sound needs more than to be passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from media import rtp
from media.audio.sound import Sound
from media.pressing import Pressing


class Sounding:
    """What media.stream.Stream has of it."""

    __slots__ = ("sound", "unsent")

    number: int
    last: bytes
    unsent: int
    sound: Sound | None
    pressing: Pressing | None
    source: Sounding | None
    _reports: Any

    def outlet(self) -> Callable[[bytes], int]:
        raise NotImplementedError

    def _fill(self) -> None:
        raise NotImplementedError

    def sounding(self) -> Sound:
        """What this stream's sound needs beside its packets."""
        if self.sound is None:
            self.sound = Sound(self._tone, self._overheard)
        return self.sound

    def renumber(self, clock: int) -> None:
        """From now on everything that this stream's peer hears is numbered as one stream."""
        heard = self.source.last if self.source is not None else b""
        self.sounding().renumber(rtp.position(heard) if heard else None, self._reports.clock(), clock)
        if self.source is not None:
            self.source._fill()

    @property
    def renumbered(self) -> bool:
        return self.sound is not None and self.sound.continuity is not None

    def place(self, fresh: tuple[int, int, int]) -> tuple[int, int, int]:
        """(SSRC, sequence number, timestamp) that this stream's peer heard last; `fresh` if nothing."""
        if self.sound is not None and self.sound.continuity is not None:
            return self.sound.continuity.last or fresh
        heard = self.source.last if self.source is not None else b""
        return rtp.position(heard) if heard else fresh

    def counts(self, digit: str, now: float) -> bool:
        """Whether a key is this peer's own, and no echo of one that a visitor's panel played."""
        panel = self.source.sound if self.source is not None else None
        guard = panel.guard if panel is not None else None
        return guard is None or guard.accept(digit, now)

    def _overheard(self, digit: str, now: float) -> None:
        self._reports.overheard(self.number, digit, now)

    def _tone(self, digit: str, now: float) -> None:
        if self.counts(digit, now):
            self._reports.tone(self.number, digit, now)

    def as_heard(self, data: bytes) -> bytes | None:
        """A packet as this stream's peer has to see it numbered; None when it is not to hear it."""
        out: bytes | None = data
        if self.sound is not None:
            out = self.sound.pass_on(data, self._reports.clock())
        if out is not None and self.pressing is not None:
            out = self.pressing.pass_on(out, out[1])
        return out

    def play_on(self, fresh: tuple[int, int, int]) -> bool:
        """Send the packet of a prompt that is due; False when it is over. Keys on their way go before it."""
        if self.sound is None or not self.sound.playing:
            return False
        if self.pressing is not None and self.pressing.active:
            return True
        packet = self.sound.tick(self._reports.clock(), fresh)
        if packet is None:
            return False
        out = self.pressing.pass_on(packet, packet[1]) if self.pressing is not None else packet
        try:
            if out is not None:
                self.outlet()(out)
        except OSError:
            self.unsent += 1
        return True

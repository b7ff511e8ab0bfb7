"""What the panel is told: RTP put in order, decoded and handed to the speaker (RFC 3550 section 5.1)."""

from __future__ import annotations

from collections.abc import Callable

import av

from intercom.phone.description import Terms
from intercom.phone.encoding import Loudspeaker
from media import rtp

PATIENCE = 3
"""Packets that wait for one that is missing; 60 ms, and it is given up."""

_HALF = 0x8000


class Order:
    """Packets in, packets in their order out; repeated and late ones are left out."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._waiting: dict[int, rtp.Packet] = {}

    def add(self, packet: rtp.Packet) -> list[rtp.Packet]:
        """What can be played now."""
        if self._next is None or _far(packet.sequence, self._next):
            self._next, self._waiting = packet.sequence, {}  # the first, or another sender
        if _ahead(packet.sequence, self._next) < 0:
            return []
        self._waiting[packet.sequence] = packet
        if len(self._waiting) > PATIENCE:
            following = self._next
            self._next = min(self._waiting, key=lambda number: _ahead(number, following))
        ready: list[rtp.Packet] = []
        while (found := self._waiting.pop(self._next, None)) is not None:
            ready.append(found)
            self._next = (self._next + 1) & 0xFFFF
        return ready


class Ear:
    """Hears one stream. `play` gets its frames; `heard` counts packets."""

    def __init__(self, play: Callable[[av.AudioFrame], None]) -> None:
        self._play = play
        self._terms: Terms | None = None
        self._formats: dict[int, tuple[str, int]] = {}
        self._loudspeakers: dict[int, Loudspeaker] = {}
        self._order, self._ssrc = Order(), -1
        self.heard = 0

    def listen(self, terms: Terms | None) -> None:
        """From now on hear what `terms` say."""
        self._terms = terms
        formats = {} if terms is None else {number: (codec, clock) for number, codec, clock in terms.formats}
        if formats != self._formats:
            self._formats, self._loudspeakers = formats, {}

    def genuine(self, address: tuple[str, int]) -> bool:
        """Whether this is the address that was agreed: no stranger is heard at a door."""
        return self._terms is not None and (self._terms.host, self._terms.port) == address

    def take(self, data: bytes) -> None:
        """One packet, opened already."""
        packet = rtp.parse(data)
        if packet is None or packet.payload_type not in self._formats:
            return
        self.heard += 1
        if packet.ssrc != self._ssrc:
            self._order, self._ssrc = Order(), packet.ssrc
        for ready in self._order.add(packet):
            for frame in self._loudspeaker(ready.payload_type).decode(ready.payload, ready.timestamp):
                self._play(frame)

    def _loudspeaker(self, number: int) -> Loudspeaker:
        """Each codec has one of its own, made when it first comes: the PBX passes on what it gets."""
        found = self._loudspeakers.get(number)
        if found is None:
            found = self._loudspeakers[number] = Loudspeaker(*self._formats[number])
        return found


def _ahead(one: int, other: int) -> int:
    """By how many numbers `one` is after `other`, below zero when before."""
    return (one - other + _HALF & 0xFFFF) - _HALF


def _far(one: int, other: int) -> bool:
    return abs(_ahead(one, other)) > 1000

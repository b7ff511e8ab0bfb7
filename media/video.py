"""Video as a relay must know it: where a key picture begins, and the pictures since (RFC 6184, RFC 7741).

Nothing is decoded. A `GopCache` keeps what a decoder needs to begin at once, for whoever joins late.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from media.codec import parameters
from media.rtp import Packet

CACHE_SECONDS = 2.0
CACHE_PACKETS = 2_000
_IDR, _SPS, _PPS, _STAP_A, _FU_A = 5, 7, 8, 24, 28
_START = b"\0\0\0\1"
_MOST_SETS = 1_024   # bytes of parameter sets that are believed; real ones have some dozens


@dataclass(frozen=True, slots=True)
class Look:
    """What one packet begins or brings: a key picture's first slice, the parameter sets a decoder needs."""

    key: bool = False
    sets: bool = False


NOTHING, KEY, SETS, KEY_AND_SETS = Look(), Look(key=True), Look(sets=True), Look(True, True)
_LOOKS = {(False, False): NOTHING, (True, False): KEY, (False, True): SETS, (True, True): KEY_AND_SETS}
Inspect = Callable[[bytes], Look]


def h264_units(payload: bytes) -> list[bytes]:
    """The whole NAL units of a single NAL unit packet or a STAP-A; of a fragment none."""
    kind = payload[0] & 0x1F if payload else 0
    if 1 <= kind < _STAP_A:
        return [payload]
    units: list[bytes] = []
    at = 1
    while kind == _STAP_A and at + 2 < len(payload):
        size = payload[at] << 8 | payload[at + 1]
        if size == 0 or at + 2 + size > len(payload):
            break
        units.append(payload[at + 2 : at + 2 + size])
        at += 2 + size
    return units


def look_h264(payload: bytes) -> Look:
    """RFC 6184: single NAL unit, STAP-A, and FU-A, of which only the first fragment counts."""
    if not payload:
        return NOTHING
    kind = payload[0] & 0x1F
    if kind == _FU_A:
        return KEY if len(payload) > 1 and payload[1] & 0x9F == 0x80 | _IDR else NOTHING
    if kind == _STAP_A:
        kinds = {unit[0] & 0x1F for unit in h264_units(payload)}
        return _LOOKS[_IDR in kinds, _SPS in kinds]
    if kind == _IDR:
        return KEY
    return SETS if kind == _SPS else NOTHING


def _vp8_frame_at(payload: bytes) -> int:
    """Where VP8 bytes begin after the payload descriptor (RFC 7741 section 4.2); past the end: nowhere."""
    at = 1
    if payload and payload[0] & 0x80 and len(payload) > 1:
        extension = payload[1]
        at = 2
        if extension & 0x80:
            at += 2 if len(payload) > at and payload[at] & 0x80 else 1
        if extension & 0x40:
            at += 1
        if extension & 0x30:
            at += 1
    return at


def look_vp8(payload: bytes) -> Look:
    """RFC 7741: the first packet of a frame whose P bit is 0. It needs no parameter sets."""
    at = _vp8_frame_at(payload)
    if at >= len(payload) or payload[0] & 0x17 != 0x10:
        return NOTHING
    return KEY if payload[at] & 0x01 == 0 else NOTHING


INSPECT: dict[str, Inspect] = {"h264": look_h264, "vp8": look_vp8}
"""How to look at a codec's packets, by its name in small letters."""


def parameter_sets(fmtp: str) -> tuple[bytes, ...]:
    """The NAL units of `sprop-parameter-sets` (RFC 6184 section 8.1), SPS and PPS only; () when unusable."""
    units: list[bytes] = []
    for text in parameters(fmtp).get("sprop-parameter-sets", "").split(","):
        try:
            unit = b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (NotBase64, ValueError):
            return ()
        if unit and unit[0] & 0x1F in (_SPS, _PPS):
            units.append(unit)
    kinds = {unit[0] & 0x1F for unit in units}
    whole = kinds == {_SPS, _PPS} and sum(map(len, units)) <= _MOST_SETS
    return tuple(units) if whole else ()


def aggregate(units: tuple[bytes, ...]) -> bytes:
    """A STAP-A payload of these units (RFC 6184 section 5.7.1); b"" for none."""
    if not units:
        return b""
    importance = max(unit[0] & 0x60 for unit in units)
    return bytes((importance | _STAP_A,)) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in units)


class GopCache:
    """The packets of one source since its newest key picture began, at most 2 s or 2,000 packets of them.

    Too many, and only the key picture itself is kept: `whole` is False then, and what follows cannot be
    decoded before the next one. Parameter sets come from the description (`sets`) until the stream's own are
    seen; `prefix` shows them, as a payload to put before a key picture that brought none.
    """

    __slots__ = (
        "_inspect", "_previous", "_sps_at", "clock", "opened", "packets", "prefix", "ready", "sets", "whole"
    )

    def __init__(self, codec: str, sets: tuple[bytes, ...] = (), clock: int = 90_000) -> None:
        self._inspect = INSPECT.get(codec.lower())
        self.clock = clock
        self.sets = sets
        self._previous: list[Packet] = []
        self._sps_at: int | None = None
        self.packets: list[Packet] = []
        self.prefix = b""
        self.whole = True
        self.ready = False
        """Whether there is a key picture to begin with."""
        self.opened = False
        """Whether the packet taken last was the first slice of a key picture."""

    @property
    def understands(self) -> bool:
        """Whether key pictures of this codec can be told at all."""
        return self._inspect is not None

    def take(self, packet: Packet) -> None:
        """Keep a packet, or begin anew with it."""
        self.opened = False
        if self._inspect is None:
            return
        look = self._inspect(packet.payload)
        if look is NOTHING:
            if self.packets:
                self._append(packet)
            return
        if look.sets:
            self._learn(packet)
        if self._begins(packet, look):
            self._begin(packet)
        else:
            self._append(packet)
        if look.key and not self.ready:
            self.ready = self.opened = True
            self.prefix = b"" if self._sps_at == packet.timestamp or look.sets else aggregate(self.sets)

    def key_picture(self) -> list[Packet]:
        """The packets of the key picture alone, in order of their numbers."""
        if not self.ready:
            return []
        first = self.packets[0]
        key = next((one.timestamp for one in self.packets if self._look(one).key), first.timestamp)
        mine = [one for one in self.packets if one.timestamp in (first.timestamp, key)]
        return sorted(mine, key=lambda one: (one.sequence - first.sequence + 0x8000) & 0xFFFF)

    def still(self) -> list[Packet]:
        """The newest key picture that is complete."""
        newest = self.key_picture()
        return newest if _complete(newest) else self._previous

    def prefix_of(self, still: list[Packet]) -> bytes:
        """The parameter sets a still picture lacks, as a payload."""
        return b"" if any(self._look(one).sets for one in still) else aggregate(self.sets)

    def _look(self, packet: Packet) -> Look:
        return self._inspect(packet.payload) if self._inspect is not None else NOTHING

    def _begins(self, packet: Packet, look: Look) -> bool:
        if not self.packets or packet.ssrc != self.packets[0].ssrc:
            return True
        ahead = (packet.timestamp - self.packets[0].timestamp) & 0xFFFFFFFF
        if ahead == 0 or ahead >= 0x80000000:
            return False                    # of this picture, or late and of one before
        return self.ready or not look.key   # parameter sets with a time of their own stay with their picture

    def _begin(self, packet: Packet) -> None:
        newest = self.key_picture()
        if _complete(newest):
            self._previous = newest
        self.packets = [packet]
        self.whole, self.ready, self.prefix = True, False, b""

    def _append(self, packet: Packet) -> None:
        first = self.packets[0]
        late = (packet.sequence - first.sequence) & 0xFFFF >= 0x8000
        if late or not self.whole or packet.ssrc != first.ssrc:
            return
        self.packets.append(packet)
        age = (packet.timestamp - first.timestamp) & 0xFFFFFFFF
        if len(self.packets) > CACHE_PACKETS or CACHE_SECONDS * self.clock < age < 0x80000000:
            self.packets = self.key_picture()[:CACHE_PACKETS] or [first]
            self.whole = False

    def _learn(self, packet: Packet) -> None:
        """The stream's own parameter sets are better than the description's."""
        self._sps_at = packet.timestamp
        units = tuple(u for u in h264_units(packet.payload) if u[0] & 0x1F in (_SPS, _PPS))
        kinds = {unit[0] & 0x1F for unit in units}
        if kinds == {_SPS, _PPS} and sum(map(len, units)) <= _MOST_SETS:
            self.sets = units


def _complete(packets: list[Packet]) -> bool:
    """Whether a picture's packets are all there: numbered without a gap, the last one marked."""
    if not packets or not packets[-1].marker:
        return False
    return all((later.sequence - one.sequence) & 0xFFFF == 1 for one, later in pairwise(packets))


def stream_of(codec: str, packets: list[Packet], prefix: bytes = b"") -> bytes:
    """A complete key picture as a decoder takes it: H.264 with start codes, VP8 as one frame."""
    if codec.lower() == "vp8":
        return b"".join(one.payload[_vp8_frame_at(one.payload) :] for one in packets)
    out = [_START + unit for unit in h264_units(prefix)]
    for one in packets:
        payload = one.payload
        if len(payload) > 2 and payload[0] & 0x1F == _FU_A:
            if payload[1] & 0x80:
                out.append(_START + bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)))
            out.append(payload[2:])
        else:
            out.extend(_START + unit for unit in h264_units(payload))
    return b"".join(out)

"""The codecs we can read and write, by the names descriptions give them; samples are 16 bits, mono.

All work at the rate asked for: Opus at 8 or 16 kHz, G.722 at 16 kHz or, by its lower band alone, at 8.
So nothing is ever resampled.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from media.audio import g711, libopus
from media.audio.names import CLOCKS, WIDE

try:
    import G722 as _g722
except ImportError:   # no wheel for this machine
    _g722 = None


class Decoder(Protocol):
    """Payloads of one sender, in order, to samples."""

    def decode(self, payload: bytes) -> bytes: ...


class Encoder(Protocol):
    """Samples to payloads of one stream."""

    def encode(self, samples: bytes) -> bytes: ...


class _G711:
    def __init__(self, law: g711.Law) -> None:
        self._law = law

    def decode(self, payload: bytes) -> bytes:
        return g711.decode(self._law, payload).tobytes()

    def encode(self, samples: bytes) -> bytes:
        return g711.encode(self._law, np.frombuffer(samples, np.int16))


class _G722:
    """64 kbit/s; its RTP clock is 8000 although it has 16,000 samples a second (RFC 3551 section 4.5.2)."""

    def __init__(self, rate: int) -> None:
        self._codec: Any = _g722.G722(rate, 64_000)

    def decode(self, payload: bytes) -> bytes:
        return bytes(self._codec.decode(payload).tobytes())

    def encode(self, samples: bytes) -> bytes:
        return bytes(self._codec.encode(np.frombuffer(samples, np.int16)))


@lru_cache
def usable() -> frozenset[str]:
    """The names of the codecs that can be read and written here."""
    found = {"pcma", "pcmu"}
    if _g722 is not None:
        found.add("g722")
    if libopus.available():
        found.add("opus")
    return frozenset(found)


def knows(name: str, clock: int) -> bool:
    """Whether sound of this codec can be read and written."""
    return name.lower() in usable() and CLOCKS[name.lower()] == clock


def decoder(name: str, rate: int) -> Decoder:
    """A fresh decoder of a usable codec; G.711 knows 8000 only."""
    if name in g711.SILENCE:
        return _G711(name)
    return _G722(rate) if name == "g722" else libopus.OpusDecoder(rate)


def encoder(name: str, rate: int, fmtp: str = "") -> Encoder:
    """A fresh encoder; `fmtp` is what its reader said of it."""
    if name in g711.SILENCE:
        return _G711(name)
    if name == "g722":
        return _G722(rate)
    return libopus.OpusEncoder(rate, fec="useinbandfec=1" in fmtp.replace(" ", ""))


def rate_between(one: str, other: str) -> int:
    """The rate at which to turn one into the other: the wide one where both are wide."""
    return 16_000 if one in WIDE and other in WIDE else 8_000


@lru_cache(64)
def silence(name: str, count: int) -> bytes:
    """A payload of nothing that lasts as long as `count` samples at 8 kHz; b"" where there is none."""
    if name in g711.SILENCE:
        return bytes((g711.SILENCE[name],)) * count
    if name == "g722":
        return b"\xfa" * count
    return libopus.OpusEncoder(8_000).encode(bytes(2 * count)) if count in (80, 160, 320, 480) else b""

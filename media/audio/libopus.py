"""Opus (RFC 6716, 7587) by libopus itself, through ctypes: mono, at the telephone's rate, never resampled.

The library is the system's (Debian: libopus0), else the copy that PyAV's wheel brings. Where neither is
found Opus passes through and is not turned into anything.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from media.errors import MediaError

_VOIP = 2048
_SET_BITRATE, _SET_COMPLEXITY, _SET_FEC, _SET_LOSS = 4002, 4010, 4012, 4014
_MAX_PACKET = 1275
_MAX_SECONDS = 0.12
BITRATE = {8000: 16_000, 16000: 24_000}
COMPLEXITY = 3
"""Of 0 to 10; a fifth cheaper than 5 (tests/bench/audio.py)."""
EXPECTED_LOSS = 5


def _names() -> list[str]:
    carried = find_spec("av")
    if carried is None or carried.origin is None:
        return ["libopus.so.0"]
    place = Path(carried.origin).parents[1] / "av.libs"
    return ["libopus.so.0", *(str(path) for path in sorted(place.glob("libopus-*.so*")))]


@lru_cache
def library() -> Any:
    """The loaded library, or None."""
    for name in _names():
        try:
            found = ctypes.CDLL(name)
        except OSError:
            continue
        for maker in (found.opus_encoder_create, found.opus_decoder_create):
            maker.restype = ctypes.c_void_p
        for one in (found.opus_encoder_destroy, found.opus_decoder_destroy):
            one.argtypes, one.restype = [ctypes.c_void_p], None
        return found
    return None


def available() -> bool:
    """Whether Opus can be read and written here."""
    return library() is not None


class OpusDecoder:
    """Packets of one sender to samples at `rate`, 8000 or 16000; stereo is mixed down."""

    def __init__(self, rate: int) -> None:
        self._library = _required()
        failed = ctypes.c_int()
        self._state = ctypes.c_void_p(self._library.opus_decoder_create(rate, 1, ctypes.byref(failed)))
        if failed.value:
            raise MediaError(f"libopus: no decoder ({failed.value})")
        self._room = round(rate * _MAX_SECONDS)
        self._out = ctypes.create_string_buffer(2 * self._room)

    def decode(self, payload: bytes) -> bytes:
        """16-bit samples in this machine's order; b"" for a packet that is none."""
        if not payload:
            return b""
        count = self._library.opus_decode(self._state, payload, len(payload), self._out, self._room, 0)
        return ctypes.string_at(self._out, 2 * count) if count > 0 else b""

    def __del__(self) -> None:
        if hasattr(self, "_state"):
            self._library.opus_decoder_destroy(self._state)


class OpusEncoder:
    """Samples at `rate` to packets; `fec`: each carries the one before once more, for lossy ways."""

    def __init__(self, rate: int, *, fec: bool = False) -> None:
        self._library = _required()
        failed = ctypes.c_int()
        made = self._library.opus_encoder_create(rate, 1, _VOIP, ctypes.byref(failed))
        self._state = ctypes.c_void_p(made)
        if failed.value:
            raise MediaError(f"libopus: no encoder ({failed.value})")
        settings = [(_SET_COMPLEXITY, COMPLEXITY), (_SET_BITRATE, BITRATE[rate])]
        if fec:
            settings += [(_SET_FEC, 1), (_SET_LOSS, EXPECTED_LOSS)]
        for request, value in settings:
            self._library.opus_encoder_ctl(self._state, ctypes.c_int(request), ctypes.c_int(value))
        self._out = ctypes.create_string_buffer(_MAX_PACKET)

    def encode(self, samples: bytes) -> bytes:
        """One packet of 10, 20, 40 or 60 ms of 16-bit samples."""
        size = self._library.opus_encode(self._state, samples, len(samples) // 2, self._out, _MAX_PACKET)
        if size < 0:
            raise MediaError(f"libopus cannot encode {len(samples)} bytes ({size})")
        return ctypes.string_at(self._out, size)

    def __del__(self) -> None:
        if hasattr(self, "_state"):
            self._library.opus_encoder_destroy(self._state)


def _required() -> Any:
    found = library()
    if found is None:
        raise MediaError("libopus is not here")
    return found

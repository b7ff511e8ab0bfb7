"""What a panel without microphone says: silence, a tone or a WAV file as PCMA (G.711 A-law), 20 ms at a
time."""

from __future__ import annotations

import math
import wave
from itertools import cycle
from pathlib import Path

RATE = 8000
FRAME = 160
_SILENCE = 0xD5
SILENT = bytes([_SILENCE]) * FRAME
_LOUDNESS = 8000  # of 32,767: clearly heard, far from clipping


def encode(sample: int) -> int:
    """One 16-bit sample as A-law (ITU-T G.711, section 3)."""
    sign = 0x80 if sample >= 0 else 0
    magnitude = min(sample if sample >= 0 else -sample - 1, 32767) >> 3
    if magnitude < 32:
        return (sign | magnitude >> 1) ^ 0x55
    exponent = magnitude.bit_length() - 5
    return (sign | exponent << 4 | (magnitude >> exponent) & 0x0F) ^ 0x55


class Sound:
    """An endless row of frames of 160 bytes."""

    def __init__(self, data: bytes) -> None:
        """`data` is A-law, repeated for ever; it is filled up with silence to whole frames."""
        data += bytes([_SILENCE]) * (-len(data) % FRAME)
        frames = [data[start : start + FRAME] for start in range(0, len(data), FRAME)]
        self._frames = cycle(frames or [SILENT])

    def frame(self) -> bytes:
        """The next 20 ms."""
        return next(self._frames)


def make(source: str, tone_hz: float) -> Sound:
    """The sound that the settings name. Raises ValueError for a file that is not 8 kHz, mono, 16 bits."""
    if source == "silence":
        return Sound(b"")
    if source == "tone":
        return Sound(_tone(tone_hz))
    return Sound(_file(Path(source)))


def _tone(hz: float) -> bytes:
    # One second of a whole number of periods joins itself without a click.
    step = 2 * math.pi * round(hz) / RATE
    return bytes(encode(round(_LOUDNESS * math.sin(step * index))) for index in range(RATE))


def _file(path: Path) -> bytes:
    try:
        with wave.open(str(path), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                raise ValueError(f"{path}: must be 8 kHz, mono, 16 bits")
            frames = file.readframes(60 * RATE)
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"{path}: {error}") from None
    pairs = zip(frames[::2], frames[1::2], strict=True)
    return bytes(encode(int.from_bytes(pair, "little", signed=True)) for pair in pairs)

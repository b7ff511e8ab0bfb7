"""Tones: written for phones to play, and found again in what other phones recorded."""

from __future__ import annotations

import math
import struct
import wave
from array import array

WAV_HEADER = 44
RATE = 8000


def tone_share(frames: bytes, hertz: float) -> float:
    """The share of a tone in the power of 8 kHz mono 16-bit samples (Goertzel): 1.0 for the pure tone."""
    samples = array("h", frames[: len(frames) // 2 * 2])
    power = sum(sample * sample for sample in samples)
    if power < 100 * 100 * max(1, len(samples)):
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    older = old = 0.0
    for sample in samples:
        older, old = old, sample + turn * old - older
    at_tone = old * old + older * older - turn * old * older
    return at_tone / (power * len(samples) / 2)


def write_tone(path: str, hertz: float, seconds: float = 2.0) -> None:
    """A sine wave as a mono WAV whose length is a whole number of periods, so that loops are seamless."""
    count = int(RATE * seconds)
    samples = (int(9000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(count))
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))

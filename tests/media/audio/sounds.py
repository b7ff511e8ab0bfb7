"""Sounds the tests play: keys, sines; and what of them is found again."""

from __future__ import annotations

import numpy as np

from media import rtp
from media.audio.g711 import Samples
from media.audio.tones import COLUMNS, KEYS, ROWS


def sine(hertz: float, seconds: float, *, rate: int = 8000, loud: float = 8000.0) -> Samples:
    """A tone."""
    return (loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


def key(
    digit: str, milliseconds: float = 80, *, loud: float = 5000.0, twist: float = 0.0, off: float = 0.0,
    before: int = 800, after: int = 800,
) -> Samples:
    """A pressed key between silences of so many samples; `twist` decibels row over column."""
    row = next(number for number, keys in enumerate(KEYS) if digit in keys)
    turns = 2 * np.pi * (1 + off) * np.arange(round(milliseconds * 8)) / 8000
    low = loud * 10 ** (twist / 40) * np.sin(ROWS[row] * turns + 0.3)
    high = loud * 10 ** (-twist / 40) * np.sin(COLUMNS[KEYS[row].index(digit)] * turns + 1.1)
    return np.concatenate((np.zeros(before), low + high, np.zeros(after))).astype(np.int16)


def blocks(sound: Samples, size: int = 160) -> list[Samples]:
    """Whole blocks of it."""
    return [sound[at : at + size] for at in range(0, len(sound) - size + 1, size)]


def share(sound: Samples, hertz: float, rate: int = 8000) -> float:
    """The share of a tone in the power of a sound."""
    turns = 2j * np.pi * hertz * np.arange(len(sound)) / rate
    wave = sound.astype(float)
    power = float(wave @ wave)
    return float(abs(wave @ np.exp(turns)) ** 2 * 2 / len(sound) / power) if power > 0 else 0.0


def packets(
    payloads: list[bytes], *, units: int = 160, payload_type: int = 8, ssrc: int = 7, sequence: int = 100,
    timestamp: int = 1000,
) -> list[bytes]:
    """A stream of packets, the first with marker."""
    return [
        rtp.build(payload_type, sequence + n, timestamp + n * units, ssrc, payload, marker=n == 0)
        for n, payload in enumerate(payloads)
    ]


def opened(made: list[bytes]) -> list[rtp.Packet]:
    found = [rtp.parse(data) for data in made]
    return [packet for packet in found if packet is not None]

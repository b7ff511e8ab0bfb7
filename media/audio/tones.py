"""Finds keys pressed as tones in sound (ITU-T Q.23, Q.24).

Windows of 25 ms every 10 ms, each one product with a matrix that holds a windowed cosine and sine per tone.
A key is two strong tones, one of each group, that hold nearly all the power, with nothing else in their
groups, at both their frequencies from one window to the next by the turn of their phases. Speech does the
first now and then, the last hardly ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, pi, sin, tau

import numpy as np
import numpy.typing as npt

from media.audio.g711 import Samples

RATE = 8000
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")
_WINDOW, _HOP = 200, 80
_SHORTEST_GAP = 3       # windows without a tone that end a press: a drop-out of 10 ms does not


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`level`: least mean square of samples; ratios are of power; `drift`: relative error of a frequency;
    `windows`: how many in a row make a key."""

    level: float
    share: float            # of both tones in all
    row_over_column: float
    column_over_row: float
    above_others: float     # each tone above the others of its group
    drift: float
    windows: int


STRICT = Thresholds(2_000.0, 0.68, 10**0.6, 10**0.8, 10**0.9, 0.026, 3)
"""Opens doors: a call's resident."""
WARY = Thresholds(150.0, 0.5, 10**1.0, 10**1.0, 10**0.6, 0.035, 2)
"""Only keeps doors shut: a visitor's panel, where a tone may be mixed with a voice and the street."""


def _matrix() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], float]:
    window = [0.54 - 0.46 * cos(tau * n / (_WINDOW - 1)) for n in range(_WINDOW)]
    rows = []
    for n, weight in enumerate(window):
        turns = [tau * hertz * n / RATE for hertz in ROWS + COLUMNS]
        rows.append([weight * cos(t) for t in turns] + [weight * sin(t) for t in turns])
    scale = 2 * sum(weight**2 for weight in window) / sum(window) ** 2
    return np.array(rows, np.float32), np.array([weight**2 for weight in window], np.float32), scale


_MATRIX, _SQUARES, _SCALE = _matrix()
_STEP = [(cos(tau * hertz * _HOP / RATE), sin(tau * hertz * _HOP / RATE)) for hertz in ROWS + COLUMNS]
_SPREAD = np.arange(_WINDOW)
_Found = tuple[int, int, float, float, float, float]


class ToneDetector:
    """Hears one leg's sound at 8 kHz. With `late`, a tone that sounds already is not told."""

    __slots__ = ("_before", "_blocked", "_gap", "_rest", "_run", "_thresholds", "_told", "suspect")

    def __init__(self, thresholds: Thresholds, *, late: bool = False) -> None:
        self._thresholds = thresholds
        self._blocked = late
        self._rest = np.zeros(0, np.int16)
        self._before: _Found | None = None
        self._run = 0
        self._gap = _SHORTEST_GAP
        self._told = ""
        self.suspect = False

    @property
    def sounding(self) -> str:
        """The key that sounds, as far as has been heard; "" for none."""
        return self._told

    def feed(self, samples: Samples) -> str:
        """Keys whose press was found in these samples. `suspect` says whether a tone pair sounds in them."""
        self.suspect = False
        sound = np.concatenate((self._rest, samples))
        count = (len(sound) - _WINDOW) // _HOP + 1
        if count < 1:
            self._rest = sound
            return ""
        self._rest = sound[count * _HOP :]
        if max(int(samples.max(initial=0)), -int(samples.min(initial=0))) ** 2 < 2 * self._thresholds.level:
            self._silent()
            return ""
        windows = sound[np.arange(0, count * _HOP, _HOP)[:, None] + _SPREAD].astype(np.float32)
        powers = (windows * windows) @ _SQUARES
        found = ""
        for values, power in zip((windows @ _MATRIX).tolist(), powers.tolist(), strict=True):
            found += self._window(values, power)
        return found

    def _silent(self) -> None:
        self._before, self._run, self._gap, self._told = None, 0, _SHORTEST_GAP, ""
        self._blocked = False

    def _window(self, values: list[float], power: float) -> str:
        pair = self._pair(values, power)
        if pair is None:
            self._before, self._run = None, 0
            self._gap += 1
            if self._gap >= _SHORTEST_GAP:
                self._told, self._blocked = "", False
            return ""
        self.suspect = True
        steady = self._before is not None and self._steady(self._before, pair)
        self._before = pair
        self._run = self._run + 1 if steady else 1
        key = KEYS[pair[0]][pair[1]]
        if self._run < self._thresholds.windows:
            return ""
        self._gap = 0
        fresh = key != self._told and not self._blocked
        self._told = key
        return key if fresh else ""

    def _pair(self, values: list[float], power: float) -> _Found | None:
        """The strongest tone of each group, if both pass for a key in this window."""
        limits = self._thresholds
        if power < limits.level * 100:      # the window's squares sum up to some 80
            return None
        tones = [values[n] ** 2 + values[n + 8] ** 2 for n in range(8)]
        row, column = max(tones[:4]), max(tones[4:])
        if _SCALE * (row + column) < limits.share * power:
            return None
        if row > limits.row_over_column * column or column > limits.column_over_row * row:
            return None
        if _second(tones[:4]) * limits.above_others > row:
            return None
        if _second(tones[4:]) * limits.above_others > column:
            return None
        r, c = tones.index(row), tones.index(column, 4)
        return r, c - 4, values[r], values[r + 8], values[c], values[c + 8]

    def _steady(self, before: _Found, now: _Found) -> bool:
        """Whether the same two tones went on at their frequencies."""
        if before[:2] != now[:2]:
            return False
        row = _error(before[2], before[3], now[2], now[3], now[0])
        column = _error(before[4], before[5], now[4], now[5], now[1] + 4)
        return row < self._thresholds.drift and column < self._thresholds.drift


def _second(tones: list[float]) -> float:
    return sorted(tones)[-2]


def _error(real: float, imaginary: float, later: float, later_imaginary: float, tone: int) -> float:
    """By how much of itself a frequency is off, from the phase a window (sum of x cos, x sin) turned."""
    # The sums are those of x e^(+jwt): a tone at its frequency has turned back by w * hop.
    turned = complex(later, -later_imaginary) * complex(real, imaginary)
    step_cos, step_sin = _STEP[tone]
    off = turned * complex(step_cos, -step_sin)
    angle = abs(atan2(off.imag, off.real))
    hertz = (ROWS + COLUMNS)[tone]
    return angle * RATE / _HOP / (2 * pi * hertz)

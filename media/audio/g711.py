"""G.711, both laws (ITU-T G.711): between them by one table, to and from linear samples by whole blocks."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Linear samples, mono."""
Law = Literal["pcma", "pcmu"]
SILENCE: dict[Law, int] = {"pcma": 0xD5, "pcmu": 0xFF}


def _expand_a(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = code >> 4 & 7, code & 15
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if code & 0x80 else -value


def _expand_u(code: int) -> int:
    code ^= 0xFF
    value = (((code & 15) << 3) + 0x84 << (code >> 4 & 7)) - 0x84
    return -value if code & 0x80 else value


def _nearest(expanded: list[int], silence: int) -> Samples:
    """By 16-bit sample, taken as unsigned: the code whose value is nearest."""
    order = sorted(range(256), key=lambda code: (expanded[code], code != silence))
    values = np.array([expanded[code] for code in order], np.int32)
    samples = np.arange(-32768, 32768, dtype=np.int32)
    edges = (values[1:] + values[:-1]) / 2
    codes = np.array(order, np.uint8)[np.searchsorted(edges, samples)]
    codes[samples == 0] = silence
    return np.roll(codes, -32768)   # numpy's index of an unsigned sample


_VALUES: dict[Law, list[int]] = {
    "pcma": [_expand_a(code) for code in range(256)], "pcmu": [_expand_u(code) for code in range(256)],
}
_EXPAND = {law: np.array(values, np.int16) for law, values in _VALUES.items()}
_COMPRESS = {law: _nearest(values, SILENCE[law]) for law, values in _VALUES.items()}


def decode(law: Law, payload: bytes) -> Samples:
    """The samples at 8 kHz, one a byte."""
    return _EXPAND[law][np.frombuffer(payload, np.uint8)]


def encode(law: Law, samples: Samples) -> bytes:
    """One byte a sample."""
    return _COMPRESS[law][samples.view(np.uint16)].tobytes()


def table(law: Law, to: Law) -> bytes:
    """For bytes.translate: the codes of one law by those of the other."""
    return encode(to, _EXPAND[law])


A_TO_U, U_TO_A = table("pcma", "pcmu"), table("pcmu", "pcma")

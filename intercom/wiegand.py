"""Plays a card reader: 26- or 34-bit Wiegand frames as moments at which D0 and D1 are pulled low [S].

The access system that is there already sees a card and decides by itself. A 26-bit frame (H10301) is an even
parity bit over the first half, 8 bits of facility, 16 of card, an odd parity bit over the second half; 34
bits have 16 bits of each. D0 pulses for a zero, D1 for a one; both rest high.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

PULSE_NS = 100_000
INTERVAL_NS = 2_000_000
"""Readers pulse for 20-100 us every 0.2-20 ms; these are what most of them do."""

Bits = Literal[26, 34]
BITS: tuple[Bits, ...] = (26, 34)


class Wire(Protocol):
    """A data line that rests high."""

    def on(self) -> None:
        """Pull it low."""

    def off(self) -> None:
        """Let it rest."""


def frame(bits: Bits, facility: int, card: int) -> tuple[int, ...]:
    """The bits of a card, first to last. Raises ValueError when the numbers do not fit."""
    facility_bits, card_bits = (8, 16) if bits == 26 else (16, 16)
    if not 0 <= facility < 1 << facility_bits or not 0 <= card < 1 << card_bits:
        raise ValueError(f"{bits} bits hold no card {facility}/{card}")
    value = facility << card_bits | card
    length = facility_bits + card_bits
    data = [value >> place & 1 for place in reversed(range(length))]
    half = length // 2
    return (sum(data[:half]) % 2, *data, 1 - sum(data[half:]) % 2)


class Sender:
    """Sends frames on two wires, one bit each time it is asked; `wait` waits out a pulse (100 us)."""

    __slots__ = ("_bits", "_wait", "_wires", "next_ns")

    def __init__(self, zero: Wire, one: Wire, wait: Callable[[int], None]) -> None:
        self._wires, self._wait = (zero, one), wait
        self._bits: list[int] = []
        self.next_ns: int | None = None

    def begin(self, bits: tuple[int, ...], now: int) -> bool:
        """Send a frame from now on; False while another is on its way."""
        if self._bits:
            return False
        self._bits = list(reversed(bits))
        self.next_ns = now
        return True

    def sweep(self, now: int) -> None:
        """Send the bit that is due. One that comes late moves the rest: a pause is never short."""
        if self.next_ns is None or now < self.next_ns:
            return
        wire = self._wires[self._bits.pop()]
        wire.on()
        try:
            self._wait(PULSE_NS)
        finally:
            wire.off()
        self.next_ns = now + INTERVAL_NS if self._bits else None

    def rest(self) -> None:
        """Stop: half a frame is no card."""
        self._bits, self.next_ns = [], None
        for wire in self._wires:
            wire.off()

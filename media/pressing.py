"""Keys sent into a running audio stream, whose numbering stays whole (RFC 4733 section 2.5.1)."""

from __future__ import annotations

from collections import deque

from media import rtp
from media.dtmf import STEP_SECONDS, DigitSender

_GAP_STEPS = 4   # 80 ms of nothing between two keys


class Pressing:
    """The keys waiting for one leg, and the shift of sequence numbers that they cause.

    Begins at the (SSRC, sequence number, timestamp) of the last packet the leg was sent. While a key is sent
    the leg's audio rests; afterwards its packets are numbered on without a gap.
    """

    __slots__ = ("_gap", "_sender", "_sequence", "_shift", "_ssrc", "_timestamp", "_waiting")

    def __init__(self, ssrc: int, sequence: int, timestamp: int) -> None:
        self._ssrc, self._sequence, self._timestamp = ssrc, sequence, timestamp
        self._shift: int | None = 0
        self._waiting: deque[tuple[str, int, int]] = deque(maxlen=32)
        self._sender: DigitSender | None = None
        self._gap = 0

    @property
    def active(self) -> bool:
        return self._sender is not None or bool(self._waiting)

    def press(self, digit: str, payload_type: int, clock: int) -> None:
        """Send this key after those that wait."""
        self._waiting.append((digit, payload_type, clock))

    def step(self) -> bytes | None:
        """The packet due now; to be asked every 20 ms while `active`."""
        if self._sender is None:
            if self._gap > 0:
                self._gap -= 1
                return None
            if not self._waiting:
                return None
            digit, payload_type, clock = self._waiting.popleft()
            self._timestamp = (self._timestamp + round(clock * STEP_SECONDS)) & 0xFFFFFFFF
            self._sender = DigitSender(
                digit, payload_type=payload_type, clock=clock, ssrc=self._ssrc, sequence=self._sequence + 1,
                timestamp=self._timestamp,
            )
        packet = self._sender.next_packet()
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._shift = None
        if self._sender.over:
            self._sender, self._gap = None, _GAP_STEPS if self._waiting else 0
        return packet

    def pass_on(self, data: bytes, second: int) -> bytes | None:
        """A packet relayed to the leg, renumbered; None while a key is being sent."""
        ssrc, sequence, timestamp = rtp.position(data)
        if ssrc == self._ssrc and 0 < (timestamp - self._timestamp) & 0xFFFFFFFF < 0x80000000:
            self._timestamp = timestamp
        if self.active:
            return None
        if ssrc != self._ssrc:
            return rtp.with_sequence(data, second, sequence)
        if self._shift is None:
            self._shift = (self._sequence + 1 - sequence) & 0xFFFF
        sequence = (sequence + self._shift) & 0xFFFF
        if (sequence - self._sequence) & 0xFFFF < 0x8000:
            self._sequence = sequence
        return rtp.with_sequence(data, second, sequence)

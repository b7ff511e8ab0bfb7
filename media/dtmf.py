"""Digits: read and sent as telephone events (RFC 4733), read from SIP INFO, and counted once."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Literal

from media import rtp

KEYS = "0123456789*#ABCD"
STEP_SECONDS = 0.02
END_PACKETS = 3

_SOURCES = 4        # SSRCs of one leg remembered
_EVENTS = 64        # events of one leg remembered, so that a repeated one is never a second press
_SLACK = 0.05       # a first packet may tell of up to so much of a press before it
_CONTINUED = 0.1    # longest gap within one event whose sender moves the timestamp on
_ALMOST_FULL = 0xF000


@dataclass(slots=True)
class _Progress:
    """The newest event of one SSRC."""

    event: int
    timestamp: int
    duration: int
    ended: bool
    heard: float


class DigitDetector:
    """Finds key presses in the telephone events of one leg.

    A press is told at its first packet, whichever of its packets comes first, and never again: repeated,
    late and reordered packets of the same or an older event are known by SSRC and timestamp. While `listen`
    is off presses are followed but not told, and one that began before `listen` is never told afterwards.
    """

    __slots__ = ("_newest", "_since", "_told")

    def __init__(self) -> None:
        self._newest: OrderedDict[int, _Progress] = OrderedDict()
        self._told: OrderedDict[tuple[int, int], None] = OrderedDict()
        self._since: float | None = None

    def listen(self, on: bool, now: float) -> None:
        """Tell presses that begin from `now` on, or none."""
        if not on:
            self._since = None
        elif self._since is None:
            self._since = now

    @property
    def listens(self) -> bool:
        return self._since is not None

    def renew(self) -> None:
        """A new description was agreed: its sender may start its clock anew."""
        self._newest.clear()

    def receive(self, packet: rtp.Packet, clock: int, now: float) -> str | None:
        """The key, if this packet is the first heard of a press that is to be told; else None."""
        if len(packet.payload) < 4 or packet.payload[0] >= len(KEYS):
            return None
        event, flags = packet.payload[0], packet.payload[1]
        duration = packet.payload[2] << 8 | packet.payload[3]
        known = self._newest.get(packet.ssrc)
        fresh = self._is_fresh(packet, event, duration, now, known)
        if fresh is None:
            return None
        self._newest[packet.ssrc] = _Progress(event, packet.timestamp, duration, bool(flags & 0x80), now)
        self._newest.move_to_end(packet.ssrc)
        self._remember(packet)
        if not fresh or self._since is None:
            return None
        before = 0.0 if packet.marker else duration / clock - _SLACK
        return KEYS[event] if now - max(before, 0.0) >= self._since else None

    def _is_fresh(
        self, packet: rtp.Packet, event: int, duration: int, now: float, known: _Progress | None
    ) -> bool | None:
        """True: a new press. False: more of the newest one. None: old, to be left alone."""
        if (packet.ssrc, packet.timestamp) in self._told:
            if known is not None and known.timestamp == packet.timestamp:
                known.duration = max(known.duration, duration)
                known.ended = known.ended or bool(packet.payload[1] & 0x80)
                known.heard = now
            return None
        if known is None:
            return True
        ahead = (packet.timestamp - known.timestamp) & 0xFFFFFFFF
        if ahead >= 0x80000000:
            return None
        if event != known.event or packet.marker or known.ended or now - known.heard > _CONTINUED:
            return True
        if known.duration >= _ALMOST_FULL:
            return False                     # RFC 4733 2.5.1.3: a long press goes on in segments
        # Some senders move the timestamp with every packet: within the press's length it is the same one.
        return duration <= known.duration or ahead > duration

    def _remember(self, packet: rtp.Packet) -> None:
        self._told[packet.ssrc, packet.timestamp] = None
        if len(self._told) > _EVENTS:
            self._told.popitem(last=False)
        if len(self._newest) > _SOURCES:
            self._newest.popitem(last=False)


class DigitSender:
    """One key press as packets: a start with marker, one each 20 ms, and the end three times.

    All carry the press's one timestamp; `sequence` is the number of the first packet.
    """

    __slots__ = ("_clock", "_event", "_payload_type", "_sequence", "_ssrc", "_steps", "_timestamp", "step")

    def __init__(
        self, digit: str, *, payload_type: int, clock: int, ssrc: int, sequence: int, timestamp: int,
        seconds: float = 0.16,
    ) -> None:
        self._event = KEYS.index(digit.upper())
        self._payload_type, self._clock, self._ssrc = payload_type, clock, ssrc
        self._sequence, self._timestamp = sequence, timestamp
        self._steps = max(2, round(seconds / STEP_SECONDS))
        self.step = 0

    @property
    def over(self) -> bool:
        """Whether the last packet has been made."""
        return self.step >= self._steps + END_PACKETS - 1

    def next_packet(self) -> bytes:
        """The packet to send now; the next one is due 20 ms later."""
        steps = min(self.step + 1, self._steps)
        end = 0x80 if steps == self._steps else 0
        duration = min(round(steps * STEP_SECONDS * self._clock), 0xFFFF)
        payload = bytes((self._event, end | 10)) + duration.to_bytes(2, "big")
        packet = rtp.build(
            self._payload_type, self._sequence + self.step, self._timestamp, self._ssrc, payload,
            marker=self.step == 0,
        )
        self.step += 1
        return packet


@dataclass(frozen=True, slots=True)
class InfoDigit:
    """A key told by SIP INFO and how long it was held, in seconds (0.0 when not said)."""

    digit: str
    seconds: float


_LINES = re.IGNORECASE | re.MULTILINE
_SIGNAL = re.compile(r"^[ \t]*signal[ \t]*=[ \t]*([0-9]{1,2}|[*#A-D])[ \t]*\r?$", _LINES)
_DURATION = re.compile(r"^[ \t]*duration[ \t]*=[ \t]*([0-9]{1,5})[ \t]*\r?$", _LINES)
MAX_INFO = 512


def parse_info(content_type: str, body: bytes) -> InfoDigit | None:
    """The key in an INFO of application/dtmf-relay or application/dtmf; None for anything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if len(body) > MAX_INFO or kind not in {"application/dtmf-relay", "application/dtmf"}:
        return None
    text = body.decode("latin-1")
    signal = _SIGNAL.search(text)
    token = signal[1] if signal else text.strip() if kind == "application/dtmf" else ""
    digit = _key(token)
    if digit is None:
        return None
    duration = _DURATION.search(text)
    return InfoDigit(digit, int(duration[1]) / 1000 if duration else 0.0)


def _key(token: str) -> str | None:
    if len(token) == 1 and token.upper() in KEYS:
        return token.upper()
    if len(token) == 2 and token.isascii() and token.isdigit() and 10 <= int(token) < len(KEYS):
        return KEYS[int(token)]
    return None


DigitSource = Literal["rtp", "info"]


class DigitOnce:
    """Counts a key once that a leg tells both by RFC 4733 and by INFO.

    Each press told one way takes up at most one told the other way, when both began within `window` seconds;
    two quick presses, told twice each, stay two.
    """

    __slots__ = ("_open", "_window")

    def __init__(self, window: float = 0.4) -> None:
        self._window = window
        self._open: deque[tuple[str, DigitSource, float]] = deque(maxlen=32)

    def accept(self, digit: str, source: DigitSource, now: float, seconds: float = 0.0) -> bool:
        """Whether this press counts. `seconds`: how long it had lasted when it was told (INFO's Duration)."""
        began = now - seconds
        for entry in self._open:
            other, told, at = entry
            near = at - self._window <= began <= at + self._window or at <= now <= at + self._window
            if other == digit and told != source and near:
                self._open.remove(entry)
                return False
        self._open.append((digit, source, began))
        return True

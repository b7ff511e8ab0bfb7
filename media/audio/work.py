"""What is done with one stream's sound on its way: keys heard in it, tones taken out, another codec.

Streams that need nothing of it have none, and their packets are never looked into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from media import rtp
from media.audio import codecs
from media.audio.echo import EchoGuard
from media.audio.g711 import A_TO_U, U_TO_A
from media.audio.names import LAWS
from media.audio.tones import RATE, STRICT, WARY, ToneDetector
from media.audio.transcoder import Target, Transcoder

_AGAIN_SECONDS = 0.25
OnDigit = Callable[[str, float], None]
Sources = dict[int, tuple[str, int]]
"""Payload type -> name and RTP clock of what a peer may send."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a join asks for beside passing packets on.

    `target`: what to turn sound into that the sink does not know. `events`: payload type -> its clock, the
    sink's payload type, that one's clock. `comfort`: the peer's payload type of comfort noise, and the
    sink's. `clean`: take tone pairs out, and remember them.
    """

    sources: Sources
    target: Target | None = None
    events: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    comfort: tuple[int | None, int | None] = (None, None)
    clean: bool = False

    @staticmethod
    def read(said: dict[str, Any]) -> Plan:
        """From an order's JSON, as media.audio.between writes it."""
        target = said.get("target")
        came, goes = said.get("comfort", (None, None))
        return Plan(
            {pt: (name, clock) for pt, name, clock in said["sources"]},
            None if target is None else Target(*target),
            {pt: (clock, goes, to_clock) for pt, clock, goes, to_clock in said.get("events", ())},
            (came, goes), bool(said.get("clean")),
        )


class Work:
    """Receives each packet of a stream that sound is made of, in order of arrival.

    Args:
        plan: what its sink needs.
        on_digit: told of keys heard as tones, for a peer without telephone-event; None for the others.
        on_overheard: told of keys heard in sound that is cleaned.
    """

    def __init__(
        self, plan: Plan, on_digit: OnDigit | None = None, on_overheard: OnDigit | None = None
    ) -> None:
        self.plan = plan
        self.guard = EchoGuard() if plan.clean else None
        self._on_digit, self._on_overheard = on_digit, on_overheard
        self._detector = ToneDetector(STRICT, late=True) if on_digit is not None else None
        self._cleaner = ToneDetector(WARY) if plan.clean else None
        self._hears = self._detector is not None or plan.clean
        self._decoders: dict[int, codecs.Decoder] = {}
        self._transcoder: Transcoder | None = None
        self._of = -1
        self._muted = 0
        self._said, self._told = "", 0.0

    def inherit(self, before: Work) -> None:
        """Go on where work before this left off: the other side's needs changed, or who listens."""
        if self.guard is not None and before.guard is not None:
            self.guard = before.guard
        if self.plan.target == before.plan.target and self._hears == before._hears:
            self._transcoder, self._of, self._decoders = before._transcoder, before._of, before._decoders

    def touches(self, mapping: dict[int, int]) -> set[int]:
        """Payload types whose packets are to come here, those of `mapping` else just pass."""
        passing = {came & 0x7F for came in mapping}
        touched = {pt for pt in self.plan.sources if self._hears or pt not in passing}
        if self.plan.target is not None:
            touched |= set(self.plan.events)
            touched |= {pt for pt in self.plan.comfort[:1] if pt is not None}
        return touched

    def receive(self, data: bytes, goes: int | None, now: float) -> list[bytes]:
        """The packets to send for one that came; `goes`: the second byte with which it may pass as it is."""
        packet = rtp.parse(data)
        if packet is None:
            return []
        payload_type = packet.payload_type
        source = self.plan.sources.get(payload_type)
        if source is None:
            return self._beside(packet, data, goes)
        name, clock = source
        if goes is not None:
            return [self._pass(packet, data, name, goes, now)]
        target = self.plan.target
        if target is None:
            self._muffle(self._samples(packet, name, RATE), now) if self._hears else None
            return []
        if name in LAWS and target.name in LAWS and not self._retimed(packet, target):
            return [self._translate(packet, data, name, target, now)]
        return self._transcode(packet, name, clock, target, now)

    # -- ways through -------------------------------------------------------------------------------------

    def _pass(self, packet: rtp.Packet, data: bytes, name: str, goes: int, now: float) -> bytes:
        """In the codec it came in, its payload silenced where a tone is."""
        if self._hears:
            samples = self._samples(packet, name, RATE)
            if self._muffle(samples, now):
                return self._same_header(data, goes, codecs.silence(name, len(samples) // 2))
        return data[:1] + bytes((goes,)) + data[2:]

    def _translate(self, packet: rtp.Packet, data: bytes, name: str, target: Target, now: float) -> bytes:
        """From one law to the other, byte by byte."""
        second = target.payload_type | (0x80 if packet.marker else 0)
        if self._hears and self._muffle(self._samples(packet, name, RATE), now):
            return self._same_header(data, second, codecs.silence(target.name, len(packet.payload)))
        return self._same_header(data, second, packet.payload.translate(A_TO_U if name == "pcma" else U_TO_A))

    def _transcode(
        self, packet: rtp.Packet, name: str, clock: int, target: Target, now: float
    ) -> list[bytes]:
        rate = RATE if self._hears else codecs.rate_between(name, target.name)
        transcoder = self._transcoder
        if transcoder is None or self._of != rate:
            transcoder = self._transcoder = Transcoder(target, rate)
            self._of = rate
        if not transcoder.accepts(packet):
            return []
        samples = self._samples(packet, name, rate)
        if self._hears and self._muffle(samples, now):
            samples = bytes(len(samples))
        return transcoder.push(packet, samples, clock)

    def _beside(self, packet: rtp.Packet, data: bytes, goes: int | None) -> list[bytes]:
        """Events and comfort noise, which go by the numbering of the sound."""
        event = self.plan.events.get(packet.payload_type)
        if self._transcoder is not None and event is not None:
            return self._transcoder.event(packet, event[0], event[1], event[2])
        if self._transcoder is not None and packet.payload_type == self.plan.comfort[0]:
            return self._transcoder.comfort(packet, 8_000, self.plan.comfort[1])
        return [] if goes is None else [data[:1] + bytes((goes,)) + data[2:]]

    # -- sound --------------------------------------------------------------------------------------------

    def _retimed(self, packet: rtp.Packet, target: Target) -> bool:
        """Whether packets must become longer or shorter, or ever had to."""
        return self._transcoder is not None or len(packet.payload) > 8 * max(target.ptime, 60)

    def _samples(self, packet: rtp.Packet, name: str, rate: int) -> bytes:
        decoder = self._decoders.get(packet.payload_type)
        if decoder is None:
            decoder = self._decoders[packet.payload_type] = codecs.decoder(name, rate)
        return decoder.decode(packet.payload)

    def _muffle(self, samples: bytes, now: float) -> bool:
        """Listen for keys; whether this sound must not be heard on the other side."""
        sound = np.frombuffer(samples, np.int16)
        if self._detector is not None and self._on_digit is not None:
            for digit in self._detector.feed(sound):
                self._on_digit(digit, now)
        cleaner = self._cleaner
        if cleaner is None or self.guard is None:
            return False
        for digit in {*cleaner.feed(sound), *cleaner.sounding}:
            if self.guard.overhear(digit, now):
                self._overheard(digit, now)
        # A window reaches into the packet after it: what follows a tone closely is a part of it.
        self._muted = 2 if cleaner.suspect else max(0, self._muted - 1)
        return self._muted > 0

    def _overheard(self, digit: str, now: float) -> None:
        """Tell it when it begins and while it lasts: its echo may be told when it ends (SIP INFO)."""
        again = digit == self._said and now - self._told < _AGAIN_SECONDS
        if self._on_overheard is not None and not again:
            self._said, self._told = digit, now
            self._on_overheard(digit, now)

    @staticmethod
    def _same_header(data: bytes, second: int, payload: bytes) -> bytes:
        """The packet's numbers with another payload; CSRCs and extensions are left out."""
        return b"\x80" + bytes((second,)) + data[2:12] + payload

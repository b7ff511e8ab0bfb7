"""What sound costs beside the relay: codecs, a call in two codecs, keys as tones, prompts.

`python -m tests.bench.audio` prints the table. Process time, best of several rounds, so that a busy machine
changes little; packets are those of speech-like sound, 20 ms each.
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import av
import numpy as np

from media.audio import codecs
from media.audio.continuity import Continuity
from media.audio.g711 import A_TO_U, Samples
from media.audio.prompts import Clip
from media.audio.sound import Sound
from media.audio.tones import STRICT, ToneDetector
from media.audio.transcoder import Target
from media.audio.work import Plan, Work
from tests.media.audio.sounds import blocks, packets

CALLS = 100
PACKETS_A_SECOND = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU for one packet or block of 20 ms."""

    what: str
    microseconds: float

    @property
    def share(self) -> float:
        """Of one core, for one stream."""
        return self.microseconds * PACKETS_A_SECOND / 1e6


def voice(seconds: float = 4.0, rate: int = 8000) -> Samples:
    """Something like speech: harmonics of a moving pitch, in syllables, and a little noise."""
    moments = np.arange(round(seconds * rate)) / rate
    turns = 2 * np.pi * np.cumsum(140 + 40 * np.sin(2 * np.pi * 0.7 * moments)) / rate
    sound = sum((np.sin(n * turns) / n for n in range(1, 12)), np.zeros(len(moments)))
    loud = 2500 * np.clip(np.sin(2 * np.pi * 2 * moments), 0, 1)
    noise = np.random.default_rng(1).standard_normal(len(moments)) * 60
    return np.asarray(sound * loud + noise, np.int16)


def cost(what: str, work: Callable[[], int], rounds: int = 5) -> Cost:
    """The cheapest of some rounds; `work` returns how many packets it handled."""
    best = float("inf")
    for _ in range(rounds):
        before = time.process_time()
        count = work()
        best = min(best, (time.process_time() - before) / count)
    return Cost(what, best * 1e6)


def turned(came: str, goes: str) -> Callable[[], int]:
    """Packets of one codec through the worker's code into the other."""
    clocks = {"opus": 48_000}
    encoder = codecs.encoder(came, 8000)
    stream = packets(
        [encoder.encode(block.tobytes()) for block in blocks(voice())],
        units=clocks.get(came, 8000) // PACKETS_A_SECOND, payload_type=96,
    )
    plan = Plan({96: (came, clocks.get(came, 8000))}, Target(97, goes, clocks.get(goes, 8000)))

    def run() -> int:
        work, line = Work(plan), Continuity(None, 0.0, clocks.get(goes, 8000))
        for data in stream:
            for made in work.receive(data, None, 0.0):
                line.pass_on(made, 0.0)
        return len(stream)

    return run


def by_pyav() -> tuple[Callable[[], int], Callable[[], int]]:
    """Opus by PyAV, for comparison: decoding with its resampler, encoding at 8 kHz."""
    sound = blocks(voice())
    encoder = codecs.encoder("opus", 8000)
    payloads = [encoder.encode(block.tobytes()) for block in sound]

    def decode() -> int:
        context = av.CodecContext.create("libopus", "r")
        context.layout, context.sample_rate = "mono", 48_000
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
        for payload in payloads:
            for frame in context.decode(av.Packet(payload)):
                for small in resampler.resample(frame):
                    bytes(small.planes[0])
        return len(payloads)

    def encode() -> int:
        context = av.CodecContext.create("libopus", "w")
        context.layout, context.sample_rate, context.format = "mono", 8000, "s16"
        context.options = {"compression_level": "5", "application": "voip", "b": "16000"}
        for number, block in enumerate(sound):
            frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 8000, 160 * number
            for packet in context.encode(frame):
                bytes(packet)
        return len(sound)

    return decode, encode


def heard(sound: Samples) -> Callable[[], int]:
    """A detector on this sound."""
    pieces = blocks(sound)

    def run() -> int:
        detector = ToneDetector(STRICT)
        for piece in pieces:
            detector.feed(piece)
        return len(pieces)

    return run


def played(count: int = 200) -> Callable[[], int]:
    """Prompts to so many listeners, by real sockets."""
    target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    target.bind(("127.0.0.1", 0))
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    address = target.getsockname()
    clip = Clip("bench/silence", (bytes(160),) * 10, loop=True)

    def run() -> int:
        sounds = []
        for number in range(count):
            sound = Sound(lambda *_: None, lambda *_: None)
            sound.renumber((number, 1, 1), 0.0, 8000)
            sound.play(clip, 8)
            sounds.append(sound)
        for tick in range(50):
            for sound in sounds:
                packet = sound.tick(0.02 * tick, (0, 0, 0))
                if packet is not None:
                    one.sendto(packet, address)
        return 50 * count if target.fileno() >= 0 else 0   # which keeps it open

    return run


def measure() -> list[Cost]:
    """Everything."""
    many = [bytes(range(160))] * 20_000

    def translate(payload: bytes) -> bytes:
        return payload.translate(A_TO_U)

    decode, encode = by_pyav()
    return [
        cost("PCMA to PCMU: the bytes alone", lambda: sum(map(bool, map(translate, many)))),
        cost("PCMA to PCMU: a packet", turned("pcma", "pcmu")),
        cost("Opus to PCMA: a packet", turned("opus", "pcma")),
        cost("PCMA to Opus: a packet", turned("pcma", "opus")),
        cost("G.722 to PCMA: a packet", turned("g722", "pcma")),
        cost("PCMA to G.722: a packet", turned("pcma", "g722")),
        cost("Opus decoded by PyAV to 8 kHz", decode),
        cost("Opus encoded by PyAV at 8 kHz", encode),
        cost("keys as tones: a block of speech", heard(voice())),
        cost("keys as tones: a block of silence", heard(np.zeros(32_000, np.int16))),
        cost("a prompt's packet, sent", played()),
    ]


def both_ways(costs: list[Cost]) -> float:
    """The share of a core that the hundred calls in two codecs take."""
    both = ("Opus to PCMA: a packet", "PCMA to Opus: a packet")
    return sum(one.share for one in costs if one.what in both) * CALLS


def table(costs: list[Cost]) -> str:
    """The figures, and what a hundred calls in two codecs take."""
    lines = [f"{one.what:36} {one.microseconds:7.1f} us  {one.share:7.2%} of a core" for one in costs]
    lines.append(f"{CALLS} calls between Opus and PCMA: {both_ways(costs):.0%} of a core beside the relay")
    return "\n".join(lines)


def main() -> int:
    """Entry of the program."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(table(measure()))
    return 0


if __name__ == "__main__":
    sys.exit(main())

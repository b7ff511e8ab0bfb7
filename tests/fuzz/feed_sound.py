"""Feeds of what reads sound: packets in every codec, and recordings that owners hand in."""

from __future__ import annotations

import io
import wave
from contextlib import suppress

from media import rtp
from media.audio import codecs
from media.audio.build import PromptError, read
from media.audio.prompts import unpack
from media.audio.transcoder import Target
from media.audio.work import Plan, Work

_CLOCKS = {"pcma": 8000, "pcmu": 8000, "g722": 8000, "opus": 48_000}
_NAMES = sorted(_CLOCKS)


def _wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(800))
    return out.getvalue()


SAMPLES = {
    "sound": [
        rtp.build(8, 1, 160, 7, b"\xd5" * 160, marker=True),
        rtp.build(9, 2, 320, 7, b"\xfa" * 160),
        rtp.build(96, 3, 960, 7, codecs.encoder("opus", 8000).encode(bytes(320))),
        rtp.build(13, 4, 480, 7, b"\x40"),
        rtp.build(101, 5, 640, 7, b"\x05\x8a\x03\x20"),
    ],
    "prompt": [_wav(), b"RIFF" + bytes(40), b"\xff\xfb\x90\x64" + bytes(413), b"\0\x03abc\0\x01d"],
}


def sound(data: bytes) -> None:
    """A packet of a peer, in whatever codec, on its way into every other one and to a cleaned telephone."""
    number = data[1] & 0x7F if len(data) > 1 else 0
    came = _NAMES[number % len(_NAMES)]
    for goes in _NAMES:
        for clean in (False, True):
            plan = Plan(
                {number: (came, _CLOCKS[came])}, Target(97, goes, _CLOCKS[goes], "", 20 + 20 * clean),
                {101: (8000, 102, 48_000)}, (13, None), clean,
            )
            work = Work(plan, lambda *_: None, lambda *_: None)
            for now in (0.0, 0.02):
                for made in work.receive(data, None, now):
                    assert rtp.plausible(made)


def prompt(data: bytes) -> None:
    """A recording, and a built prompt."""
    with suppress(PromptError):
        assert read(data).duration_seconds <= 30
    for codec in ("pcma", "opus"):
        assert all(unpack(codec, data))

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from intercom.phone.encoding import CLOCK, Loudspeaker, Microphone, pictures


def frame(number: int, size: tuple[int, int] = (160, 120)) -> av.VideoFrame:
    width, height = size
    colours = np.full((height, width, 3), number * 7 % 256, np.uint8)
    made = av.VideoFrame.from_ndarray(colours, format="rgb24").reformat(format="yuv420p")
    made.pts, made.time_base = number * CLOCK // 15, Fraction(1, CLOCK)
    return made


def nal_types(payload: bytes) -> list[int]:
    """The kinds of NAL units in one RTP payload (RFC 6184)."""
    kind = payload[0] & 0x1F
    if kind == 28:
        return [payload[1] & 0x1F]
    if kind != 24:
        return [kind]
    found, at = [], 1
    while at < len(payload):
        found.append(payload[at + 2] & 0x1F)
        at += 2 + int.from_bytes(payload[at : at + 2], "big")
    return found


def test_h264_is_whole_at_the_start_and_when_asked() -> None:
    encoder = pictures("h264", rate=15, bits=300_000, encoder="libx264")
    whole: list[int] = []
    for number in range(12):
        payloads, key = encoder.encode(frame(number), key=number == 7)
        assert payloads, "no frame waits for a later one"
        assert all(len(payload) <= 1300 for payload in payloads)
        types = [kind for payload in payloads for kind in nal_types(payload)]
        assert key == (5 in types)
        if key:
            whole.append(number)
            assert types.index(7) < types.index(8) < types.index(5), "with its parameter sets"
            assert [kind for kind in types if kind == 7] == [7]
    assert {0, 7} <= set(whole), "and where the scene changes"


def test_h264_stays_the_size_it_began_with() -> None:
    encoder = pictures("h264", rate=15, bits=300_000, encoder="libx264")
    encoder.encode(frame(0), key=False)
    payloads, key = encoder.encode(frame(1, (320, 240)), key=False)
    assert payloads and not key


def test_automatic_finds_an_encoder_here() -> None:
    encoder = pictures("h264", rate=15, bits=300_000)
    assert encoder.encode(frame(0), key=False)[1]
    assert encoder.name in ("libx264", "h264_v4l2m2m")


def test_an_encoder_that_is_not_there_says_so() -> None:
    with pytest.raises((av.FFmpegError, ValueError)):
        pictures("h264", rate=15, bits=300_000, encoder="h264_nothing").encode(frame(0), key=False)


def test_vp8_is_whole_at_the_start_when_asked_and_now_and_then() -> None:
    encoder = pictures("vp8", rate=2, bits=300_000)
    whole = []
    for number in range(12):
        payloads, _ = encoder.encode(frame(number), key=number == 3)
        assert payloads and all(len(payload) <= 1300 for payload in payloads)
        if payloads[0][4] & 1 == 0:  # VP8 payload header behind a descriptor of four bytes (RFC 7741)
            whole.append(number)
    assert whole == [0, 3, 8]


@pytest.mark.parametrize(
    ("codec", "clock"), [("opus", 48000), ("g722", 8000), ("pcma", 8000), ("pcmu", 8000)]
)
def test_sound_there_and_back(codec: str, clock: int) -> None:
    microphone, loudspeaker = Microphone(codec, clock), Loudspeaker(codec, clock)
    heard: list[np.ndarray[tuple[int, ...], np.dtype[np.int16]]] = []
    rate = 0
    for number in range(20):
        times = (np.arange(960) + number * 960) / 48_000
        wave = (8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16).reshape(1, -1)
        spoken = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        spoken.sample_rate, spoken.pts, spoken.time_base = 48_000, number * 960, Fraction(1, 48_000)
        for payload in microphone.encode(spoken):
            for back in loudspeaker.decode(payload, number * clock // 50):
                rate = back.sample_rate
                heard.append(back.to_ndarray()[0][:: len(back.layout.channels)])
    samples = np.concatenate(heard)[rate // 10 :]
    loudest = np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples)
    assert abs(loudest - 440) < 15


def test_rubbish_is_not_played() -> None:
    assert Loudspeaker("opus", 48_000).decode(b"\xff\xff\xff", 0) == []

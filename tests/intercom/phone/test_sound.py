from __future__ import annotations

import wave
from pathlib import Path

import pytest

from intercom.phone.sound import FRAME, RATE, Sound, encode, make

audioop = pytest.importorskip("audioop")


def test_a_law_as_the_standard_has_it() -> None:
    for sample in range(-32768, 32768, 7):
        expected = audioop.lin2alaw(sample.to_bytes(2, "little", signed=True), 2)[0]
        assert encode(sample) == expected, sample


def test_silence() -> None:
    assert make("silence", 440).frame() == b"\xd5" * FRAME


def test_a_tone_has_its_frequency_and_no_click_at_the_seam() -> None:
    sound = make("tone", 440)
    data = b"".join(sound.frame() for _ in range(2 * RATE // FRAME))
    assert data[:RATE] == data[RATE:]
    linear = audioop.alaw2lin(data[:RATE], 2)
    assert audioop.cross(linear, 2) in range(878, 882)


def test_frames_are_whole() -> None:
    sound = Sound(b"\x01" * (FRAME + 1))
    assert [len(sound.frame()) for _ in range(3)] == [FRAME] * 3


def written(path: Path, channels: int = 1, width: int = 2, rate: int = RATE) -> str:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"\0" * 2 * FRAME * channels * width)
    return str(path)


def test_a_file(tmp_path: Path) -> None:
    assert make(written(tmp_path / "a.wav"), 440).frame() == b"\xd5" * FRAME


def test_files_that_will_not_do(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"RIFF")
    for source in (
        written(tmp_path / "stereo.wav", channels=2),
        written(tmp_path / "fast.wav", rate=48000),
        str(tmp_path / "no.wav"),
        str(tmp_path / "missing.wav"),
    ):
        with pytest.raises(ValueError, match=r"\.wav"):
            make(source, 440)

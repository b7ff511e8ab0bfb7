"""From recordings to what is played: reading, bounds, owners' own, and nothing built twice."""

from __future__ import annotations

import io
import subprocess
import sys
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from media.audio import codecs
from media.audio.build import PromptError, build, read, tones
from media.audio.prompts import Prompts
from tests.media.audio.sounds import share, sine

SHIPPED = Path(__file__).parents[3] / "config" / "prompts"


def wav(samples: np.ndarray[tuple[int], np.dtype[np.int16]], *, rate: int = 16_000, channels: int = 1,
        width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(channels)
        made.setsampwidth(width)
        made.setframerate(rate)
        wide = np.repeat(samples, channels).astype(np.int32)
        data = {
            1: ((wide >> 8) + 128).astype(np.uint8).tobytes(), 2: wide.astype("<i2").tobytes(),
            4: (wide << 16).astype("<i4").tobytes(),
        }
        made.writeframes(data[width])
    return out.getvalue()


def mp3(seconds: float = 0.5, rate: int = 44_100) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=rate)
        sound = sine(440, seconds, rate=rate)
        for at in range(0, len(sound) - 1151, 1152):
            frame = av.AudioFrame.from_ndarray(sound[None, at : at + 1152], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


def sources(folder: Path) -> Path:
    (folder / "in" / "nb").mkdir(parents=True)
    (folder / "in" / "nb" / "hello.wav").write_bytes(wav(sine(440, 0.5, rate=16_000)))
    return folder / "in"


def heard(folder: Path, name: str, codec: str) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    clip = Prompts(str(folder)).clip(name, codec)
    assert clip is not None
    decoder = codecs.decoder(codec, 8000)
    return np.frombuffer(b"".join(decoder.decode(frame) for frame in clip.frames), np.int16)


@pytest.mark.parametrize("codec", ["pcma", "pcmu", "g722", "opus"])
def test_a_recording_is_heard_in_every_codec(codec: str, tmp_path: Path) -> None:
    assert list(build(sources(tmp_path), tmp_path / "out")) == ["nb/hello from hello.wav"]
    sound = heard(tmp_path / "out", "nb/hello", codec)
    assert len(sound) == 4000
    assert share(sound[800:], 440) > 0.9
    assert 12_000 < abs(sound.astype(int)).max() < 20_000      # as loud as a voice, whatever it was


def test_nothing_is_built_twice_and_a_change_is(tmp_path: Path) -> None:
    folder = sources(tmp_path)
    list(build(folder, tmp_path / "out"))
    before = (tmp_path / "out" / "tones" / "busy.pcma").stat().st_mtime_ns
    assert list(build(folder, tmp_path / "out")) == []
    assert (tmp_path / "out" / "tones" / "busy.pcma").stat().st_mtime_ns == before
    (folder / "nb" / "hello.wav").write_bytes(wav(sine(880, 0.5, rate=16_000)))
    assert len(list(build(folder, tmp_path / "out"))) == 1


@pytest.mark.parametrize(("rate", "channels", "width"), [(8000, 1, 1), (48_000, 2, 2), (22_050, 1, 4)])
def test_every_kind_of_wav(rate: int, channels: int, width: int) -> None:
    segment = read(wav(sine(440, 0.3, rate=rate), rate=rate, channels=channels, width=width))
    assert segment.channels == 1 and segment.sample_width == 2
    assert share(np.frombuffer(segment.raw_data, np.int16), 440, rate) > 0.9


def test_a_recording_put_beside_the_shipped_one_replaces_it_and_a_bad_one_does_not(tmp_path: Path) -> None:
    folder = sources(tmp_path)
    (folder / "nb" / "hello.own.wav").write_bytes(wav(sine(1000, 0.5, rate=16_000)))
    assert list(build(folder, tmp_path / "out")) == ["nb/hello from hello.own.wav"]
    assert share(heard(tmp_path / "out", "nb/hello", "pcma"), 1000) > 0.9
    (folder / "nb" / "hello.own.wav").unlink()
    (folder / "nb" / "hello.own.mp3").write_bytes(b"junk" * 100)
    lines = list(build(folder, tmp_path / "out"))
    assert lines[0].startswith("hello.own.mp3: ")
    assert lines[1] == "nb/hello from hello.wav"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"RIFF", b"RIFF" + bytes(100), b"ID3" + bytes(1000), bytes(6 << 20), b"\xff\xfb\x90\x00" * 10,
        wav(sine(440, 31, rate=8000), rate=8000), wav(np.zeros(0, np.int16)), wav(sine(440, 1), rate=7000),
        wav(sine(440, 1))[:9000],
    ],
    ids=range(10),
)
def test_what_is_no_sound_too_long_or_odd_is_refused(data: bytes) -> None:
    with pytest.raises(PromptError):
        read(data)


def test_tones_are_those_of_norway() -> None:
    made = tones(8000)
    assert {name: len(sound) / 8000 for name, sound in made.items()} == {
        "ring_back": 5.0, "busy": 1.0, "confirmation": 0.4,
    }
    assert share(made["busy"][:4000], 425) > 0.9
    assert not made["ring_back"][8000:].any()


def test_what_is_shipped_can_be_built(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "media.audio.build", str(SHIPPED), str(tmp_path)],
        capture_output=True, text=True, timeout=50, cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for language in ("nb", "en"):
        for name in ("calling", "door_open", "nobody", "menu"):
            seconds = len(heard(tmp_path, f"{language}/{name}", "pcma")) / 8000
            assert 1 < seconds < 10

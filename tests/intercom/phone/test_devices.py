from __future__ import annotations

import threading
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from intercom.phone import devices
from intercom.phone.devices import FRAME, RATE, Beat, DeviceError, Speaker, film, sound
from intercom.settings import Audio, Video
from tests.support.sound import tone_share, write_tone


def never(seconds: float) -> bool:
    return False


def patient(waits: list[float]) -> devices.Waiting:
    """Waits in no time, and keeps for how long it should have been."""

    def waiting(seconds: float) -> bool:
        waits.append(seconds)
        return False

    return waiting


def asound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ALSA with a speaker that writes into a file, and a microphone that reads one."""
    heard = tmp_path / "heard.raw"
    text = 'pcm.{} {{\n type file\n slave.pcm {{ type null }}\n file "{}"\n format "raw"\n{}}}\n'
    conf = tmp_path / "asound.conf"
    spoken = f' infile "{tmp_path / "spoken.raw"}"\n'
    conf.write_text(text.format("loud", heard, "") + text.format("mic", "/dev/null", spoken))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(conf))
    return heard


def thinned(samples: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> bytes:
    return samples[::6].tobytes()  # 48 kHz to the 8 kHz of `tone_share`


def test_a_beat_is_steady_and_does_not_catch_up() -> None:
    waits: list[float] = []
    beat = Beat(0.5, patient(waits))
    assert beat.wait() and 0.4 < waits[0] <= 0.5
    beat._next -= 10.0  # held up
    assert beat.wait() and beat.wait()
    assert waits[1] == 0.0 and sum(waits[1:]) <= 0.5
    assert not Beat(0.5, lambda seconds: True).wait()


def test_the_pattern_moves() -> None:
    waits: list[float] = []
    frames = film(Video("pattern", 160, 120, 10), patient(waits))
    first, second = next(frames), next(frames)
    assert (first.width, first.height) == (160, 120)
    assert 0.0 < waits[0] <= 0.1
    assert bytes(first.planes[0]) != bytes(second.planes[0])


def test_a_film_is_shown_over_and_over(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        out.mux(stream.encode(None))
    frames = film(Video(str(path), rate=30), never)
    assert len([next(frames) for _ in range(8)]) == 8


def test_it_ends_when_told() -> None:
    over = threading.Event()
    seen = 0
    for _ in film(Video("pattern", 160, 120, 30), over.wait):
        seen += 1
        if seen == 3:
            over.set()
    assert seen == 3


@pytest.mark.parametrize("source", ["/dev/video99", "/nowhere/film.mp4"])
def test_a_camera_that_is_not_there(source: str) -> None:
    with pytest.raises(DeviceError, match=f"^{source}: No such file"):
        devices.check_camera(Video(source))


def test_what_is_no_film(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no film" * 100)
    with pytest.raises(DeviceError, match=r"film\.mp4: "):
        devices.check_camera(Video(str(tmp_path / "film.mp4")))


def test_the_camera_of_the_settings_is_looked_through() -> None:
    devices.check_camera(Video("pattern", 160, 120))


def test_a_slow_camera_is_taken_as_it_is_and_a_fast_one_thinned(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pictures = [av.VideoFrame(16, 16, "yuv420p") for _ in range(60)]
    taken = 0
    for _ in devices._thinned(iter(pictures[:30]), 30, never):
        now += 1 / 10
        taken += 1
    assert taken == 30

    def fast() -> object:
        nonlocal now
        for picture in pictures:
            now += 1 / 30
            yield picture

    assert len(list(devices._thinned(fast(), 15, never))) in range(29, 33)  # type: ignore[arg-type]


def test_tone_and_silence() -> None:
    tone = sound(Audio("tone", 440.0), never)
    assert tone_share(thinned(np.concatenate([next(tone) for _ in range(25)])), 440.0) > 0.9
    assert not next(sound(Audio("silence", 440.0), never)).any()


def test_a_file_is_said_over_and_over(tmp_path: Path) -> None:
    path = tmp_path / "hello.wav"
    write_tone(str(path), 700.0, seconds=0.2)
    hello = sound(Audio(str(path), 440.0), never)
    frames = [next(hello) for _ in range(25)]
    assert all(len(frame) == FRAME for frame in frames)
    assert tone_share(thinned(np.concatenate(frames)), 700.0) > 0.8


def test_a_file_without_sound(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "empty.wav"), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
    with pytest.raises(DeviceError):
        next(sound(Audio(str(tmp_path / "empty.wav"), 440.0), never))


def test_an_alsa_microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asound(tmp_path, monkeypatch)
    times = np.arange(RATE) / RATE
    (tmp_path / "spoken.raw").write_bytes((8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16).tobytes())
    frames = sound(Audio("alsa:mic", 440.0), never)
    said = np.concatenate([next(frames) for _ in range(10)])
    frames.close()  # type: ignore[attr-defined]
    assert tone_share(thinned(said), 440.0) > 0.9


def test_an_alsa_microphone_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asound(tmp_path, monkeypatch)
    with pytest.raises(DeviceError, match=r"^alsa:nobody: "):
        next(sound(Audio("alsa:nobody", 440.0), never))


def test_an_alsa_speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = asound(tmp_path, monkeypatch)
    lost: list[str] = []
    speaker = Speaker("loud", lost.append)
    for rate, layout in ((8000, "mono"), (48_000, "stereo"), (16_000, "mono"), (8000, "mono")):
        times = np.arange(rate // 25) / rate
        wave_ = np.repeat((8000 * np.sin(2 * np.pi * 700 * times)).astype(np.int16), 1 + (layout == "stereo"))
        frame = av.AudioFrame.from_ndarray(wave_.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = rate
        speaker.play(frame)
    until = time.monotonic() + 10
    while speaker._queue and time.monotonic() < until:
        time.sleep(0.01)
    speaker.close()
    samples = np.fromfile(heard, np.int16)
    piece = RATE // 25  # each has its own phase
    shares = [tone_share(thinned(samples[at : at + piece]), 700.0) for at in range(0, 3 * piece, piece)]
    assert min(shares) > 0.5 and not lost


def test_an_alsa_speaker_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asound(tmp_path, monkeypatch)
    with pytest.raises(DeviceError, match=r"^alsa:nobody: "):
        devices.speaker(Audio("silence", 440.0, "alsa:nobody"), print)
    assert devices.speaker(Audio("silence", 440.0), print) is None

"""The panel's camera, microphone and speaker: V4L2 and ALSA by PyAV, or a test pattern, a tone, a file.

Every device is opened for a call and closed with it: outside a call nothing is seen or heard here.
A device that is missing or fails raises `DeviceError`, whose text names it.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np

from intercom.settings import Audio, Video

RATE = 48_000
FRAME = 960
"""Samples of 20 ms, at the one rate at which sound goes to and from devices here."""

_LOUDNESS = 8000
_LONGEST_QUEUE = 8
_TIMEOUT = (5.0, 5.0)
_ALSA = "alsa:"
# PyAV's wheels bring a libasound that looks for its configuration where they were built.
_ALSA_CONFIG = Path("/usr/share/alsa/alsa.conf")

Waiting = Callable[[float], bool]
"""Waits so many seconds; True at once when everything is to end."""


class DeviceError(Exception):
    """A device is missing or has failed; the text is for whoever installs it."""


def prepare() -> None:
    """Once per process, before any device is opened: where ALSA's configuration is."""
    if "ALSA_CONFIG_PATH" not in os.environ and _ALSA_CONFIG.is_file():
        os.environ["ALSA_CONFIG_PATH"] = str(_ALSA_CONFIG)
    av.logging.set_level(av.logging.PANIC)


class Beat:
    """Says when the next of a steady row is due. Who was held up does not catch up in a burst."""

    def __init__(self, seconds: float, waiting: Waiting) -> None:
        self._seconds, self._waiting = seconds, waiting
        self._next = time.monotonic()

    def wait(self) -> bool:
        """Wait for the next; False when everything is to end."""
        now = time.monotonic()
        self._next = max(self._next + self._seconds, now - self._seconds)
        return not self._waiting(max(0.0, self._next - now))


def film(settings: Video, waiting: Waiting) -> Iterator[av.VideoFrame]:
    """Pictures of the camera at no more than the rate asked for, until `waiting` says so.

    Raises DeviceError: at the first picture when there is no camera, later when it is lost.
    """
    with _opened(settings.source, lambda: _camera(settings)) as container:
        pictures = cast(Iterator[av.VideoFrame], _frames(container, container.streams.video[0]))
        if settings.source.startswith("/dev/"):
            yield from _thinned(_named(settings.source, pictures), settings.rate, waiting)
            return
        beat = Beat(1 / settings.rate, waiting)
        yield from _until(beat, _named(settings.source, _again(container, pictures)))


def sound(settings: Audio, waiting: Waiting) -> Iterator[np.ndarray[Any, np.dtype[np.int16]]]:
    """Frames of 20 ms of what the panel says, as they become due. Raises DeviceError as `film` does."""
    if settings.source.startswith(_ALSA):
        name = settings.source.removeprefix(_ALSA)
        options = {"sample_rate": str(RATE), "channels": "1"}
        with _opened(settings.source, lambda: av.open(name, format="alsa", options=options)) as container:
            for frame in _named(settings.source, _samples(container)):
                yield frame
                if waiting(0):
                    return
    beat = Beat(FRAME / RATE, waiting)
    if settings.source == "silence":
        yield from _until(beat, _endless(np.zeros(FRAME, np.int16)))
    elif settings.source == "tone":
        yield from _until(beat, _tone(settings.tone_hz))
    else:
        with _opened(settings.source, lambda: av.open(settings.source)) as container:
            recorded = list(_named(settings.source, _samples(container)))
        if not recorded:
            raise DeviceError(f"{settings.source}: there is no sound in it")
        yield from _until(beat, (frame for _ in iter(int, 1) for frame in recorded))


class Speaker:
    """Plays what comes, on a thread of its own; what has waited for longer than 160 ms is left out.

    `name` is ALSA's name of the device; `lost` is told, once, that it failed.
    """

    def __init__(self, name: str, lost: Callable[[str], None]) -> None:
        """Raises DeviceError."""
        self._name, self._lost = name, lost
        self._resamplers: dict[tuple[str, str, int], av.AudioResampler] = {}
        self._queue: deque[av.AudioFrame] = deque(maxlen=_LONGEST_QUEUE)
        self._news, self._over = threading.Event(), False
        shown = f"{_ALSA}{name}"
        try:
            self._container = av.open(name, "w", format="alsa")
            self._stream = self._container.add_stream("pcm_s16le", rate=RATE, layout="mono")
            self._container.start_encoding()
        except (av.FFmpegError, OSError, ValueError) as error:
            raise DeviceError(f"{shown}: {_reason(error)}") from None
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def play(self, frame: av.AudioFrame) -> None:
        """Take a frame of any rate and layout, another than before too; never waits."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        resampler = self._resamplers.get(kind)
        if resampler is None:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            self._resamplers[kind] = resampler
        frame.pts = None
        self._queue.extend(resampler.resample(frame))
        self._news.set()

    def close(self) -> None:
        """Fall silent."""
        self._over = True
        self._news.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        written = 0
        try:
            while not self._over:
                self._news.wait()
                self._news.clear()
                while self._queue and not self._over:
                    frame = self._queue.popleft()
                    frame.pts, frame.time_base = written, Fraction(1, RATE)
                    written += frame.samples
                    for packet in self._stream.encode(frame):
                        self._container.mux(packet)
        except (av.FFmpegError, OSError) as error:
            self._lost(f"{_ALSA}{self._name}: {_reason(error)}")
        finally:
            with contextlib.suppress(av.FFmpegError, OSError):
                self._container.close()


def speaker(settings: Audio, lost: Callable[[str], None]) -> Speaker | None:
    """The speaker that the settings name; None for a panel without. Raises DeviceError."""
    if not settings.speaker:
        return None
    return Speaker(settings.speaker.removeprefix(_ALSA), lost)


def check_camera(settings: Video) -> None:
    """Look through the camera once. Raises DeviceError."""
    for _ in film(settings, lambda seconds: False):
        return


def _camera(settings: Video) -> av.container.InputContainer:
    size, rate = f"{settings.width}x{settings.height}", str(settings.rate)
    if settings.source == "pattern":
        return av.open(f"testsrc=size={size}:rate={rate}", format="lavfi")
    if settings.source.startswith("/dev/"):
        options = {"video_size": size, "framerate": rate}
        return av.open(settings.source, format="v4l2", options=options, timeout=_TIMEOUT)
    return av.open(settings.source)


@contextlib.contextmanager
def _opened(
    source: str, opening: Callable[[], av.container.InputContainer]
) -> Iterator[av.container.InputContainer]:
    try:
        container = opening()
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DeviceError(f"{source}: {_reason(error)}") from None
    with container:
        if not container.streams:
            raise DeviceError(f"{source}: there is nothing in it")
        yield container


def _named(source: str, frames: Iterator[Any]) -> Iterator[Any]:
    """The same frames; what fails in them has the device's name."""
    try:
        yield from frames
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DeviceError(f"{source}: {_reason(error)}") from None


def _frames(container: av.container.InputContainer, stream: Any) -> Iterator[Any]:
    """Decoded frames; a damaged one, as cameras send at their start, is passed over."""
    for packet in container.demux(stream):
        with contextlib.suppress(av.error.InvalidDataError):
            yield from packet.decode()


def _samples(
    container: av.container.InputContainer,
) -> Iterator[np.ndarray[Any, np.dtype[np.int16]]]:
    if not container.streams.audio:
        return
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
    for frame in _frames(container, container.streams.audio[0]):
        frame.pts = None
        for piece in resampler.resample(frame):
            yield piece.to_ndarray()[0]


def _again(
    container: av.container.InputContainer, pictures: Iterator[av.VideoFrame]
) -> Iterator[av.VideoFrame]:
    """A film without end: from its beginning, over and over."""
    while True:
        empty = True
        for picture in pictures:
            empty = False
            yield picture
        if empty:
            return
        container.seek(0)
        pictures = _frames(container, container.streams.video[0])


def _thinned(
    pictures: Iterator[av.VideoFrame], rate: int, waiting: Waiting
) -> Iterator[av.VideoFrame]:
    """A camera sets the beat itself, but some know no slower one than 30 a second."""
    due = 0.0
    for picture in pictures:
        if waiting(0):
            return
        now = time.monotonic()
        if now < due - 0.25 / rate:
            continue
        due = max(due + 1 / rate, now - 1 / rate)
        yield picture


def _until(beat: Beat, row: Iterator[Any]) -> Iterator[Any]:
    for one in row:
        yield one
        if not beat.wait():
            return


def _endless(frame: np.ndarray[Any, np.dtype[np.int16]]) -> Iterator[np.ndarray[Any, np.dtype[np.int16]]]:
    while True:
        yield frame


def _tone(hertz: float) -> Iterator[np.ndarray[Any, np.dtype[np.int16]]]:
    # One second of a whole number of periods joins itself without a click.
    turns = 2 * np.pi * round(hertz) / RATE * np.arange(RATE)
    second = (_LOUDNESS * np.sin(turns)).astype(np.int16).reshape(-1, FRAME)
    while True:
        yield from second


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)

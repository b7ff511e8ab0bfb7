"""Makes prompts ready to play: `python -m media.audio.build SOURCES TARGET`.

SOURCES has a folder per language with WAV files of 16-bit sound. An owner's own recording replaces one: the
upload that media.audio.own keeps in TARGET/own, or else NAME.own.wav or NAME.own.mp3 beside it. TARGET gets
each in every codec (media.audio.prompts), and the tones of telephones. What is built already and has not
changed is left as it is.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import struct
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydub import AudioSegment
from pydub.effects import normalize

from media.audio import codecs
from media.audio.g711 import Samples
from media.audio.names import WIDE
from media.audio.prompts import FRAME_MILLISECONDS, is_name, pack
from media.errors import MediaError

MAX_BYTES, MAX_SECONDS = 5 << 20, 30.0
RATES = range(8_000, 48_001)
_HEADROOM = 6.0     # decibels below full scale: as loud as a voice on the line
_VERSION = b"1"
OWN, KINDS = "own", (".wav", ".mp3")
Wave = npt.NDArray[np.float64]


class PromptError(MediaError):
    """A sound that cannot be used, and why; `fault` says it in one word for programs."""

    def __init__(self, text: str, fault: str = "no_sound") -> None:
        super().__init__(text)
        self.fault = fault


# -- reading ----------------------------------------------------------------------------------------------


def read(data: bytes) -> AudioSegment:
    """A WAV or MP3 file's sound, mono. Raises PromptError when it is none, too long, or odd."""
    if len(data) > MAX_BYTES:
        raise PromptError(f"larger than {MAX_BYTES >> 20} MB", "too_large")
    segment = _read_wav(data) if data[:4] == b"RIFF" else _read_mp3(data)
    if not 0.02 <= segment.duration_seconds <= MAX_SECONDS:
        raise PromptError(f"longer than {MAX_SECONDS:.0f} seconds, or nothing", "too_long")
    return segment.set_channels(1).set_sample_width(2)


def _read_wav(data: bytes) -> AudioSegment:
    try:
        with wave.open(io.BytesIO(data)) as said:
            rate, channels, width = said.getframerate(), said.getnchannels(), said.getsampwidth()
            if rate not in RATES or channels not in (1, 2) or width not in (1, 2, 3, 4):
                raise PromptError(f"{channels} channels of {8 * width} bits at {rate} Hz are not read", "odd")
            most = round(rate * (MAX_SECONDS + 1))
            sound, promised = said.readframes(most), min(said.getnframes(), most) * width * channels
    except (wave.Error, EOFError, ValueError, RuntimeError, struct.error) as error:
        raise PromptError(f"no WAV file of plain samples: {error}") from None
    if len(sound) < promised:
        raise PromptError("the file ends before its sound does", "cut_short")
    whole = len(sound) // (width * channels) * width * channels
    if width == 1:      # the only unsigned one
        sound = bytes(byte ^ 0x80 for byte in sound)
    return AudioSegment(data=sound[:whole], sample_width=width, frame_rate=rate, channels=channels)


def _read_mp3(data: bytes) -> AudioSegment:
    import av  # large, and only for this

    pieces: list[bytes] = []
    rate = samples = 0
    try:
        with av.open(io.BytesIO(data), "r", format="mp3") as container:
            for frame in container.decode(audio=0):
                rate = rate or frame.sample_rate
                # The decoder gives planes of floats, one a channel.
                mono = np.atleast_2d(frame.to_ndarray()).astype(np.float64).mean(axis=0)
                pieces.append((np.clip(mono, -1, 1) * 32_767).astype("<i2").tobytes())
                samples += frame.samples
                if samples > (MAX_SECONDS + 1) * rate:
                    break
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise PromptError(f"neither WAV nor MP3: {error}") from None
    if rate not in RATES:
        raise PromptError("neither WAV nor MP3")
    return AudioSegment(data=b"".join(pieces), sample_width=2, frame_rate=rate, channels=1)


# -- tones ------------------------------------------------------------------------------------------------


def _tone(*hertz: float, seconds: float, rate: int, loud: float = 0.15) -> Wave:
    moments = np.arange(round(seconds * rate)) / rate
    sound = sum((np.sin(2 * np.pi * one * moments) for one in hertz), np.zeros(len(moments)))
    edge = np.clip(np.minimum(moments, seconds - moments) / 0.005, 0, 1)   # no click
    return np.asarray(loud * 32_767 * sound * edge, np.float64)


def tones(rate: int) -> dict[str, Samples]:
    """The tones of telephones as Norway and most of Europe have them (425 Hz, ETSI TR 101 041)."""
    def rest(seconds: float) -> Wave:
        return np.zeros(round(seconds * rate))

    made = {
        "ring_back": [_tone(425, seconds=1.0, rate=rate), rest(4.0)],
        "busy": [_tone(425, seconds=0.5, rate=rate), rest(0.5)],
        "confirmation": [
            _tone(660, seconds=0.12, rate=rate), rest(0.04), _tone(880, seconds=0.2, rate=rate), rest(0.04),
        ],
    }
    return {name: np.concatenate(parts).astype(np.int16) for name, parts in made.items()}


# -- writing ----------------------------------------------------------------------------------------------


def at_rate(segment: AudioSegment, rate: int) -> Samples:
    """The sound at another rate, without what that rate cannot hold."""
    sound = np.frombuffer(segment.raw_data, np.int16).astype(np.float64)
    came = int(segment.frame_rate)
    if came == rate:
        return np.asarray(sound, np.int16)
    if came > rate:
        taps = np.arange(-64, 65)
        cut = 0.9 * rate / came
        low = np.sinc(cut * taps) * np.hamming(len(taps))
        sound = np.convolve(sound, low / low.sum(), "same")
    moments = np.arange(0, len(sound), came / rate)
    there = np.interp(moments, np.arange(len(sound)), sound)
    return np.asarray(np.clip(there, -32_768, 32_767), np.int16)


def encode(codec: str, samples: Samples, rate: int) -> list[bytes]:
    """Payloads of 20 ms; the last one is completed with silence."""
    size = rate * FRAME_MILLISECONDS // 1000
    whole = np.concatenate((samples, np.zeros(-len(samples) % size, np.int16)))
    encoder = codecs.encoder(codec, rate)
    return [encoder.encode(whole[at : at + size].tobytes()) for at in range(0, len(whole), size)]


def source_of(file: Path, target: Path) -> Path:
    """The file that speaks for a shipped one: the owner's own, uploaded or put beside it, if there is one."""
    kept = target / OWN / file.parent.name / file.stem
    beside = (file.with_suffix(f".own{kind}") for kind in KINDS)
    own = (*(kept.with_suffix(kind) for kind in KINDS), *beside)
    return next((one for one in own if one.is_file()), file)


def build(sources: Path, target: Path) -> Iterator[str]:
    """Build what is new or changed; yields what was done and what cannot be used, a line each."""
    narrow, wide = tones(8_000), tones(16_000)
    for name, sound in narrow.items():
        place = target / "tones" / name
        if not _fresh(place, b"tone"):
            _write_codecs(place, {8_000: sound, 16_000: wide[name]}, b"tone")
    for file in sorted(sources.glob("*/*.wav")):
        name = f"{file.parent.name}/{file.stem}"
        if is_name(name):
            yield from build_one(source_of(file, target), file, target / name)


def build_one(source: Path, shipped: Path, place: Path) -> Iterator[str]:
    """Build one prompt; where the owner's own cannot be used, the shipped one speaks."""
    data = source.read_bytes() if source.stat().st_size <= MAX_BYTES else bytes(MAX_BYTES + 1)
    try:
        if _fresh(place, data):
            return
        segment = normalize(read(data), _HEADROOM)
    except PromptError as error:
        yield f"{source.name}: {error}"
        if source != shipped:
            yield from build_one(shipped, shipped, place)
        return
    _write_codecs(place, {rate: at_rate(segment, rate) for rate in (8_000, 16_000)}, data)
    yield f"{place.parent.name}/{place.name} from {source.name}"


def _stamp(data: bytes) -> bytes:
    return hashlib.sha256(_VERSION + " ".join(sorted(codecs.usable())).encode() + data).hexdigest().encode()


def _fresh(place: Path, data: bytes) -> bool:
    try:
        return place.with_suffix(".from").read_bytes() == _stamp(data)
    except OSError:
        return False


def _write_codecs(place: Path, sounds: dict[int, Samples], data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    for codec in sorted(codecs.usable()):
        rate = 16_000 if codec in WIDE else 8_000
        write(place.with_suffix(f".{codec}"), pack(codec, encode(codec, sounds[rate], rate)))
    write(place.with_suffix(".from"), _stamp(data))


def write(place: Path, data: bytes) -> None:
    """Whole or not at all: a worker may be reading it."""
    fresh = place.with_name(place.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(place)


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """One builder at a time writes into a folder."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Entry of the program; its status is 1 when something could not be used."""
    if len(sys.argv) != 3:
        sys.stderr.write("usage: python -m media.audio.build SOURCES TARGET\n")
        return 2
    with alone(Path(sys.argv[2])):
        lines = list(build(Path(sys.argv[1]), Path(sys.argv[2])))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(any(": " in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())

"""Speaks config/prompts/texts.toml into the WAV files beside it: `python -m tooling.say`. Needs espeak-ng."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import wave
from pathlib import Path

import numpy as np

from media.audio.build import at_rate, read

PROMPTS = Path(__file__).parent.parent / "config" / "prompts"
RATE = 16_000
VOICES = {"nb": ("nb", "140"), "en": ("en-gb", "150")}


def speak(text: str, language: str, place: Path) -> None:
    """One text as a small WAV file, without silence at its ends."""
    voice, speed = VOICES.get(language, (language, "150"))
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.wav"
        order = ["espeak-ng", "-v", voice, "-s", speed, "-g", "3", "-w", str(said)]
        subprocess.run(order, input=text.encode(), check=True, timeout=60)
        sound = at_rate(read(said.read_bytes()), RATE)
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > 200)
    if len(loud):
        sound = sound[max(0, loud[0] - RATE // 50) : loud[-1] + RATE // 10]
    place.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(place), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(sound.tobytes())


def main(folder: Path = PROMPTS) -> int:
    """Speak every text."""
    texts = tomllib.loads((folder / "texts.toml").read_text())
    for language, prompts in texts.items():
        for name, text in prompts.items():
            speak(text, language, folder / language / f"{name}.wav")
            print(f"{language}/{name}: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

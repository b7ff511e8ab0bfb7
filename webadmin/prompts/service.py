"""Which recordings speak, and the program of the door server that checks, keeps and builds an owner's own.

The recording is decoded by that program (media.audio.own) and never here: a process of its own with bounds on
time and memory, without our settings. What it built is heard by the next caller.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from webadmin.settings import Settings

MOST = 5 << 20
"""Bytes of a recording at most."""
SECONDS = 25
_ROOT = Path(__file__).resolve().parents[2]
_KINDS = {".wav": "audio/wav", ".mp3": "audio/mpeg"}

FAULTS = {
    "no_sound": "This is no recording we can read. Save it as WAV or MP3 and choose it again.",
    "too_large": "This file is larger than 5 MB. Shorten it, or save it as MP3.",
    "too_long": "A prompt lasts from a moment to 30 seconds. Shorten the recording.",
    "odd": "This kind of WAV is not read. Save it with one or two channels at 8,000 to 48,000 Hz.",
    "cut_short": "The file ends before its sound does. Save it again and choose it once more.",
    "unknown": "There is no such prompt any more. Load this page again.",
    "not_kept": "It could not be kept: the machine's disk is full or closed. Tell whoever runs the machine.",
    "nothing": "Choose a WAV or MP3 file first.",
    "failed": "It could not be made ready, and nothing was changed. Try another file.",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `own_since`: when the owner's own recording was uploaded, None while ours speaks."""

    language: str
    name: str
    text: str
    own_since: datetime | None


class PromptRefused(Exception):
    """A recording was not taken; `str()` is a phrase that `languages` knows."""


def prompts(settings: Settings) -> dict[str, list[Prompt]]:
    """Every prompt by its language, those with texts first."""
    folder = settings.media.prompts
    try:
        texts = tomllib.loads((folder / "texts.toml").read_text("utf-8"))
    except (OSError, ValueError):
        texts = {}
    found: dict[str, list[Prompt]] = {}
    for file in sorted(folder.glob("*/*.wav"), key=lambda file: (file.parent.name not in texts, file)):
        language, name = file.parent.name, file.stem
        if "." not in name:
            text = str(texts.get(language, {}).get(name, ""))
            found.setdefault(language, []).append(Prompt(language, name, text, _since(settings, file)))
    return found


def sound(settings: Settings, language: str, name: str) -> tuple[Path, str] | None:
    """The file that speaks and its media type, or None where there is no such prompt."""
    if all(each.name != name for each in prompts(settings).get(language, ())):
        return None
    folder = settings.media.prompts / language
    own = _own(settings, language, name)
    beside = [folder / f"{name}.own{kind}" for kind in _KINDS]
    file = own or next((file for file in beside if file.is_file()), folder / f"{name}.wav")
    return file.absolute(), _KINDS[file.suffix]


def replace(settings: Settings, language: str, name: str, data: bytes) -> None:
    """Let an owner's own recording speak from the next call on.

    Raises:
        PromptRefused: it cannot be used; nothing was changed.
    """
    if not data:
        raise PromptRefused(FAULTS["nothing"])
    if len(data) > MOST:
        raise PromptRefused(FAULTS["too_large"])
    _run(settings, "take", f"{language}/{name}", data)


def go_back(settings: Settings, language: str, name: str) -> None:
    """Let our recording speak again.

    Raises:
        PromptRefused: it could not be done.
    """
    _run(settings, "leave", f"{language}/{name}", b"")


def _run(settings: Settings, what: str, name: str, data: bytes) -> None:
    target = settings.paths.var / "prompts"
    command = [sys.executable, "-W", "ignore", "-m", "media.audio.own", what]
    command += [str(settings.media.prompts.absolute()), str(target.absolute()), name]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DOORLINE_")}
    kept["OPENBLAS_NUM_THREADS"] = "1"  # memory is bounded, and each thread takes some
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=_ROOT,
            env=kept,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise PromptRefused(FAULTS["failed"]) from None
    word = done.stdout.decode(errors="replace").split(maxsplit=1)[:1]
    if done.returncode or word != ["done"]:
        raise PromptRefused(FAULTS.get("".join(word), FAULTS["failed"]))


def _own(settings: Settings, language: str, name: str) -> Path | None:
    place = settings.paths.var / "prompts" / "own" / language / name
    return next((file for kind in _KINDS if (file := place.with_suffix(kind)).is_file()), None)


def _since(settings: Settings, file: Path) -> datetime | None:
    own = _own(settings, file.parent.name, file.stem)
    try:
        return datetime.fromtimestamp(own.stat().st_mtime, UTC) if own is not None else None
    except OSError:
        return None

"""Prompts as the worker plays them: packets of 20 ms, made ahead by media.audio.build, one file per codec.

A prompt's name is its folder and its file, "nb/door_open"; its files are door_open.pcma and so on: payloads
of equal length after each other, for Opus each after its length in two bytes.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

FRAME_MILLISECONDS = 20
FRAME_BYTES = {"pcma": 160, "pcmu": 160, "g722": 160}
MAX_BYTES = 4 << 20
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}/[a-z][a-z0-9_]{0,31}")
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Clip:
    """Payloads of 20 ms each, played once or over and over."""

    name: str
    frames: tuple[bytes, ...]
    loop: bool = False


def is_name(text: str) -> bool:
    """Whether that may be a prompt's name."""
    return _NAME.fullmatch(text) is not None


def pack(codec: str, frames: list[bytes]) -> bytes:
    """The file of a prompt."""
    if codec in FRAME_BYTES:
        return b"".join(frames)
    return b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)


def unpack(codec: str, data: bytes) -> tuple[bytes, ...]:
    """The payloads in a prompt's file; a torn end is left out."""
    size = FRAME_BYTES.get(codec)
    if size is not None:
        return tuple(data[at : at + size] for at in range(0, len(data) - size + 1, size))
    found, at = [], 0
    while at + 2 <= len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end == at + 2 or end > len(data):
            break
        found.append(data[at + 2 : end])
        at = end
    return tuple(found)


class Prompts:
    """The built prompts of one folder, read when first asked for and kept while their files stay the same."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._known: OrderedDict[tuple[str, str], tuple[int, tuple[bytes, ...]]] = OrderedDict()

    def clip(self, name: str, codec: str, *, loop: bool = False) -> Clip | None:
        """A prompt in a codec, or None when there is none."""
        if not self._folder or not is_name(name):
            return None
        path = Path(self._folder) / f"{name}.{codec}"
        try:
            about = path.stat()
            known = self._known.get((name, codec))
            if known is None or known[0] != about.st_mtime_ns:
                if about.st_size > MAX_BYTES:
                    return None
                known = about.st_mtime_ns, unpack(codec, path.read_bytes())
                self._known[name, codec] = known
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        except OSError:
            return None
        return Clip(name, known[1], loop) if known[1] else None

"""Keeps an owner's own recording of one prompt, or gives ours back: a program that WebAdmin starts.

`python -m media.audio.own take|leave SOURCES TARGET NAME`, the recording on standard input. It decodes what a
stranger may have made, so it is a process of its own with bounds on time and memory. The first word on its
output is "done", or says what is wrong (PromptError.fault). What is built is heard by the next caller: the
workers look at a prompt's file each time it begins.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path

from media.audio.build import KINDS, MAX_BYTES, OWN, PromptError, alone, build_one, read, source_of, write
from media.audio.prompts import is_name

_CPU_SECONDS = 20
_MEMORY = 2 << 30
_FILE = 16 << 20


def take(sources: Path, target: Path, name: str, data: bytes) -> Path:
    """Keep a recording and build it. Raises PromptError with nothing changed; OSError when it cannot."""
    shipped = _shipped(sources, name)
    read(data)
    kept = target / OWN / name
    place, other = (kept.with_suffix(kind) for kind in (KINDS if data[:4] == b"RIFF" else KINDS[::-1]))
    place.parent.mkdir(parents=True, exist_ok=True)
    write(place, data)
    other.unlink(missing_ok=True)
    list(build_one(place, shipped, target / name))
    return place


def leave(sources: Path, target: Path, name: str) -> None:
    """Forget a recording; the shipped one speaks again. Raises PromptError, OSError."""
    shipped = _shipped(sources, name)
    for kind in KINDS:
        (target / OWN / name).with_suffix(kind).unlink(missing_ok=True)
    list(build_one(source_of(shipped, target), shipped, target / name))


def _shipped(sources: Path, name: str) -> Path:
    file = sources / f"{name}.wav"
    if not is_name(name) or not file.is_file():
        raise PromptError(f"no prompt {name!r}", "unknown")
    return file


def bound() -> None:
    """Lower this process's limits; where a sandbox forbids it, the caller's patience bounds it."""
    wanted = {resource.RLIMIT_CPU: _CPU_SECONDS, resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_FSIZE: _FILE}
    for kind, most in wanted.items():
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main() -> int:
    """Entry of the program."""
    if len(sys.argv) != 5 or sys.argv[1] not in ("take", "leave"):
        sys.stderr.write("usage: python -m media.audio.own take|leave SOURCES TARGET NAME < RECORDING\n")
        return 2
    bound()
    sources, target, name = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if sys.argv[1] == "take" else b""
        with alone(target):
            if sys.argv[1] == "take":
                take(sources, target, name, data)
            else:
                leave(sources, target, name)
    except PromptError as error:
        sys.stdout.write(f"{error.fault} {error}\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"not_kept {error.strerror}\n")
        return 1
    sys.stdout.write("done\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

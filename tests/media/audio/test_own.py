"""An owner's own recording: checked before anything changes, heard at once, and taken back."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from media.audio.build import PromptError, build
from media.audio.own import bound, leave, take
from media.audio.prompts import Prompts
from tests.media.audio.sounds import share, sine
from tests.media.audio.test_build import heard, mp3, sources, wav

ROOT = Path(__file__).parents[3]
HOSTILE = {
    "empty": b"",
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n" * 40,
    "session": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n",
    "page": b"<html><audio src='file:///etc/passwd'></audio></html>" * 20,
    "riff": b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0",
    "avi": b"RIFF\0\1\0\0AVI LIST" + bytes(300),
    "large": b"ID3" + bytes(6 << 20),
}


def test_it_is_heard_at_once_and_ours_comes_back(tmp_path: Path) -> None:
    folder, out = sources(tmp_path), tmp_path / "out"
    list(build(folder, out))
    player = Prompts(str(out))
    ours = player.clip("nb/hello", "pcma")
    assert take(folder, out, "nb/hello", wav(sine(1000, 0.5, rate=16_000))).name == "hello.wav"
    assert player.clip("nb/hello", "pcma") != ours      # the worker that runs already
    assert share(heard(out, "nb/hello", "pcma"), 1000) > 0.9
    assert take(folder, out, "nb/hello", mp3()).name == "hello.mp3"
    assert [file.name for file in (out / "own" / "nb").iterdir()] == ["hello.mp3"]
    assert share(heard(out, "nb/hello", "pcma")[800:3000], 440) > 0.9
    assert list(build(folder, out)) == []               # the next start keeps it
    leave(folder, out, "nb/hello")
    assert not list((out / "own" / "nb").iterdir())
    assert player.clip("nb/hello", "pcma") == ours
    assert [file.name for file in (folder / "nb").iterdir()] == ["hello.wav"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_changes_nothing(name: str, tmp_path: Path) -> None:
    folder, out = sources(tmp_path), tmp_path / "out"
    with pytest.raises(PromptError):
        take(folder, out, "nb/hello", HOSTILE[name])
    assert not out.exists()


@pytest.mark.parametrize("name", ["nb/other", "../hello", "nb/hello.own", "tones/busy", "nb/../nb/hello"])
def test_only_prompts_that_exist_are_replaced(name: str, tmp_path: Path) -> None:
    folder = sources(tmp_path)
    with pytest.raises(PromptError):
        take(folder, tmp_path / "out", name, wav(sine(440, 0.5)))
    with pytest.raises(PromptError):
        leave(folder, tmp_path / "out", name)


def run(folder: Path, what: str, name: str, data: bytes) -> tuple[int, str]:
    command = [sys.executable, "-W", "ignore", "-m", "media.audio.own", what, str(folder / "in")]
    done = subprocess.run(
        [*command, str(folder / "out"), name], input=data, capture_output=True, timeout=50, cwd=ROOT
    )
    return done.returncode, done.stdout.decode().partition(" ")[0].strip()


def test_the_program_within_its_bounds(tmp_path: Path) -> None:
    sources(tmp_path)
    assert run(tmp_path, "take", "nb/hello", mp3()) == (0, "done")
    assert run(tmp_path, "take", "nb/hello", HOSTILE["concat"]) == (1, "no_sound")
    assert (tmp_path / "out" / "own" / "nb" / "hello.mp3").is_file()
    assert run(tmp_path, "leave", "nb/hello", b"") == (0, "done")
    assert run(tmp_path, "leave", "nb/none", b"") == (1, "unknown")


def test_a_sandbox_that_forbids_limits_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(kind: int, limits: tuple[int, int]) -> None:
        asked.append(kind)
        raise ValueError("not allowed to raise maximum limit")     # EPERM, as systemd's filter answers

    monkeypatch.setattr(resource, "setrlimit", refuse)
    bound()
    assert len(asked) == 3

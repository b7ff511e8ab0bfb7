"""Prompts' files and what is read of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from media.audio.prompts import MAX_BYTES, Prompts, is_name, pack, unpack


def test_files_give_back_their_frames() -> None:
    frames = [bytes((n,)) * 160 for n in range(5)]
    assert unpack("pcma", pack("pcma", frames)) == tuple(frames)
    packets = [b"a", b"bcd" * 100, b"e"]
    assert unpack("opus", pack("opus", packets)) == tuple(packets)


@pytest.mark.parametrize("torn", [b"", b"\0", b"\0\0abc", b"\0\5abc", b"\0\1a\0"])
def test_torn_files_end_early(torn: bytes) -> None:
    assert unpack("opus", torn) in {(), (b"a",)}
    assert unpack("pcmu", bytes(161)) == (bytes(160),)


@pytest.mark.parametrize("name", ["nb/door_open", "tones/busy"])
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name", ["", "door", "../nb/x", "nb/../x", "nb/Door", "/nb/x", "nb/x\n", "nb/x.y", "a/b/c"]
)
def test_what_is_no_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    assert not is_name(name)
    assert Prompts(str(tmp_path)).clip(name, "pcma") is None


def test_a_clip_is_read_once_and_again_when_its_file_changed(tmp_path: Path) -> None:
    file = tmp_path / "nb" / "hello.pcma"
    file.parent.mkdir()
    file.write_bytes(b"\x01" * 320)
    prompts = Prompts(str(tmp_path))
    one = prompts.clip("nb/hello", "pcma")
    again = prompts.clip("nb/hello", "pcma", loop=True)
    assert one is not None and again is not None
    assert one.frames is again.frames
    assert again.loop and not one.loop
    file.write_bytes(b"\x02" * 160)
    os.utime(file, ns=(1, 1))
    changed = prompts.clip("nb/hello", "pcma")
    assert changed is not None
    assert changed.frames == (b"\x02" * 160,)


def test_what_is_missing_empty_or_huge_is_none(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb" / "empty.pcma").write_bytes(b"")
    (tmp_path / "nb" / "huge.pcma").write_bytes(bytes(MAX_BYTES + 1))
    prompts = Prompts(str(tmp_path))
    assert [prompts.clip(f"nb/{name}", "pcma") for name in ("missing", "empty", "huge")] == [None] * 3
    assert Prompts("").clip("nb/empty", "pcma") is None

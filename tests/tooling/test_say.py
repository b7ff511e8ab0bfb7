"""The speaking of prompts."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from tests.support.peers import need
from tooling import say


def test_every_text_becomes_a_small_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need("espeak-ng")
    (tmp_path / "texts.toml").write_text('[nb]\nhello = "Hei på deg."\n[en]\nhello = "Hello there."\n')
    assert say.main(tmp_path) == 0
    for language in ("nb", "en"):
        with wave.open(str(tmp_path / language / "hello.wav")) as made:
            assert (made.getframerate(), made.getnchannels(), made.getsampwidth()) == (16_000, 1, 2)
            assert 0.3 < made.getnframes() / 16_000 < 3
    assert "nb/hello" in capsys.readouterr().out

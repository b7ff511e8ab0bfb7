from __future__ import annotations

import subprocess
from pathlib import Path

from tooling.sizes import complaints


def repository(path: Path, name: str, text: str) -> Path:
    subprocess.run(["git", "init", "-q", str(path)], check=True)
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).write_text(text)
    return path


def test_short_files_please(tmp_path: Path) -> None:
    assert complaints(repository(tmp_path, "pbx/a.py", "def f():\n    return 1\n")) == []


def test_a_long_file_is_named(tmp_path: Path) -> None:
    found = complaints(repository(tmp_path, "pbx/a.py", "x = 1\n" * 501))
    assert found[0] == "pbx/a.py: 501 lines, at most 500"
    assert found[1] == "median file: 501 lines, at most 150"


def test_a_long_function_is_named(tmp_path: Path) -> None:
    found = complaints(repository(tmp_path, "tests/a.py", "def f():\n" + "    x = 1\n" * 60))
    assert found == ["tests/a.py:1 f: 61 lines, at most 60"]

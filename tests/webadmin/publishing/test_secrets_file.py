"""The file of secrets: for its owner, complete after a commit, untouched before."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from webadmin.publishing.log_ins import NewLogIn
from webadmin.publishing.secrets_file import SecretsFile


def entries(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]


def test_lines_are_added_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    for made in (
        [NewLogIn("s", "a", "a", "1"), NewLogIn("s", "b", "b", "2")],
        [NewLogIn("s", "a", "x", "3")],
    ):
        file = SecretsFile(path)
        file.prepare(made)
        file.keep()
    assert entries(path) == [["s", "a", "x", "3"], ["s", "b", "b", "2"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_before_the_commit_the_file_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("s a a 1\n")
    file = SecretsFile(path)
    file.prepare([NewLogIn("s", "a", "a", "2")])
    assert entries(path) == [["s", "a", "a", "1"]]
    file.discard()
    file.discard()
    assert list(tmp_path.iterdir()) == [path]


def test_a_loose_mode_is_tightened(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_text("")
    path.chmod(0o666)
    file = SecretsFile(path)
    file.prepare([])
    file.keep()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_directory_that_is_missing_is_an_error_before_anything_happened(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        SecretsFile(tmp_path / "none" / "secrets").prepare([])

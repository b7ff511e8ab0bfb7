"""A start that fails says why, however early it fails, and what was opened is closed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pbx import __main__ as entry
from pbx.settings import Database, Doors, HttpRelay, Paths, Settings


def said_of(settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(entry, "load", lambda: settings)
    monkeypatch.setattr("pbx.log_lines.start", lambda *_, **__: logging.getLogger())
    assert entry.main() == 2
    return capfd.readouterr().err


def databases(folder: Path) -> Database:
    return Database(admin_url=f"sqlite:///{folder}/admin.db", pbx_url=f"sqlite:///{folder}/pbx.db")


def test_without_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    var = tmp_path / "var"
    var.write_text("a file, no directory")
    settings = Settings(paths=Paths(var=var), database=databases(tmp_path))
    said = said_of(settings, monkeypatch, capfd)
    assert "cannot start" in said and str(var) in said


def test_when_a_room_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    relay = HttpRelay(host="relay.example", secret_file=tmp_path / "missing")
    settings = Settings(
        paths=Paths(var=tmp_path), database=databases(tmp_path), doors=Doors(http_hosts=[relay])
    )
    said = said_of(settings, monkeypatch, capfd)
    assert "cannot start" in said and "missing" in said

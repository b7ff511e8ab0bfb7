"""Layers of configuration: which one wins, and what a person reads when a value is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from config.layers import Layered, SettingsError, read


class Log(BaseModel):
    model_config = ConfigDict(extra="forbid")

    level: str = "quiet"
    json_lines: bool = True


class Process(Layered):
    log: Log = Log()


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "own.toml"
    monkeypatch.setenv("DOORLINE_CONFIG", str(file))
    return file


def test_the_shipped_file_is_read_without_another() -> None:
    assert read(Process).log.level == "info"


def test_the_named_file_beats_the_shipped_one_and_the_environment_beats_both(
    named: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named.write_text('[log]\nlevel = "named"\njson_lines = true\n')
    assert (read(Process).log.level, read(Process).log.json_lines) == ("named", True)
    monkeypatch.setenv("DOORLINE_LOG__LEVEL", "told")
    assert (read(Process).log.level, read(Process).log.json_lines) == ("told", True)


def test_two_mistakes_are_two_lines(named: Path) -> None:
    named.write_text('[log]\nloud = 1\njson_lines = "perhaps"\n')
    with pytest.raises(SettingsError) as fault:
        read(Process)
    assert [line.split(":")[0] for line in sorted(str(fault.value).splitlines())] == [
        "log.json_lines",
        "log.loud",
    ]


def test_a_file_that_is_missing_or_no_toml_is_one_line(named: Path) -> None:
    with pytest.raises(SettingsError, match="not a file"):
        read(Process)
    named.write_text("[log")
    with pytest.raises(SettingsError, match=r"^configuration file: "):
        read(Process)

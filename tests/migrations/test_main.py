"""The command line of the migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrations.__main__ import main
from migrations.lines import head


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for line in ("admin", "pbx"):
        monkeypatch.setenv(f"DOORLINE_DATABASE__{line.upper()}_URL", f"sqlite:///{tmp_path}/{line}.db")
    return tmp_path


def test_up_where_and_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{line}: {head(line)} (newest: {head(line)})" for line in ("admin", "pbx")
    ]
    assert main(["downgrade", "pbx", "base"]) == 0
    assert "pbx: empty" in capsys.readouterr().out
    assert main(["current", "admin"]) == 0
    assert capsys.readouterr().out.startswith("admin: admin_")


def test_a_database_that_is_none_is_one_line(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (machine / "admin.db").write_bytes(b"no database at all" * 100)
    assert main(["upgrade", "admin"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_wrong_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOORLINE_DATABASE__ADMIN_URL", "oracle://x")
    assert main(["upgrade"]) == 2
    assert capsys.readouterr().err.count("\n") == 1

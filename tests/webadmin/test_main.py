"""The command line: what it prints, where secrets go, and its exit status."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pbx.certificates import load_or_make
from tests.support.databases import make_sqlite
from tests.webadmin.conftest import HOUSE, OFFICE
from webadmin.__main__ import main


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of its own, named by the environment."""
    admin, pbx = make_sqlite(tmp_path)
    monkeypatch.setenv("DOORLINE_DATABASE__ADMIN_URL", admin)
    monkeypatch.setenv("DOORLINE_DATABASE__PBX_URL", pbx)
    monkeypatch.setenv("DOORLINE_PATHS__VAR", str(tmp_path))
    monkeypatch.setenv("DOORLINE_AMI__PORT", "1")
    monkeypatch.setenv("DOORLINE_WEBADMIN__PORT", "8080")
    return tmp_path


def test_publish_prints_secrets_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(OFFICE)]) == 0
    first = capsys.readouterr().out
    assert "kontor.example: published, revision 1" in first
    assert first.count("kontor.example  ") == 6
    assert main(["publish", str(OFFICE)]) == 0
    assert capsys.readouterr().out == "kontor.example: unchanged, revision 1\n"


def test_publish_to_a_file_prints_no_secret(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = machine / "secrets.txt"
    assert main(["publish", str(HOUSE), str(OFFICE), "--secrets", str(secrets), "--nudge"]) == 0
    out = capsys.readouterr().out
    assert f"21 new log-ins are in {secrets}" in out
    assert "PBX: WebAdmin has no AMI account" in out
    assert not any(line.split()[3] in out for line in secrets.read_text().splitlines() if line[0] != "#")


def test_a_wrong_file_is_exit_status_2_and_lines_on_stderr(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = machine / "wrong.toml"
    wrong.write_text('[site]\ndomain = "A"\n')
    assert main(["publish", str(wrong)]) == main(["check", str(wrong)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{wrong}: line 2: site.domain: must be a domain name" in captured.err
    assert "Traceback" not in captured.err


def test_check_changes_nothing(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (machine / "admin.db").read_bytes()
    assert main(["check", str(HOUSE)]) == 0
    assert "good, fjordgata.example" in capsys.readouterr().out
    assert (machine / "admin.db").read_bytes() == before


def test_log_ins_are_listed_reset_and_revoked(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["publish", str(OFFICE)])
    capsys.readouterr()
    assert main(["credential", "revoke", "kontor.example", "kari-phone"]) == 0
    assert main(["credential", "list", "kontor.example"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in listed if line.startswith("kari-phone")] == ["revoked"]
    with closing(sqlite3.connect(machine / "admin.db", isolation_level=None)) as away:
        away.execute("UPDATE person SET arrived = false WHERE ref = 'kari'")
    assert main(["credential", "reset", "kontor.example", "kari-phone", "--secrets", str(machine / "s")]) == 0
    with closing(sqlite3.connect(machine / "admin.db")) as there:
        assert there.execute("SELECT arrived FROM person WHERE ref = 'kari'").fetchone() == (1,)
    assert "kari-phone" in (machine / "s").read_text()
    assert main(["credential", "reset", "kontor.example", "nobody"]) == 2
    assert "no device nobody" in capsys.readouterr().err


def test_a_link_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["link"]) == 0
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8080/enter/")


def test_a_link_for_other_machines_with_its_picture(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_or_make(machine / "tls", ["127.0.0.1", "192.0.2.7", "localhost"])
    assert main(["link", "--qr"]) == 0
    plain, secure, *picture = capsys.readouterr().out.splitlines()
    assert plain.startswith("http://127.0.0.1:8080/enter/")
    assert secure == plain.replace("http://127.0.0.1:8080", "https://192.0.2.7:8443")
    assert len(picture) > 10


@pytest.mark.parametrize("trouble", ["no tables", "locked", "no database"])
def test_a_database_in_trouble_is_one_line_and_exit_status_1(
    machine: Path, trouble: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webadmin.db.BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(machine / "admin.db", isolation_level=None)) as other:
        if trouble == "locked":
            other.execute("BEGIN EXCLUSIVE")
        elif trouble == "no tables":
            other.execute("DROP TABLE organisation")
        else:
            monkeypatch.setenv("DOORLINE_DATABASE__ADMIN_URL", f"sqlite:///{machine}/none/x.db")
        assert main(["publish", str(OFFICE)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("the database: ") and err.count("\n") == 1


def test_a_wrong_setting_is_one_line_and_exit_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOORLINE_WEBADMIN__HOST", "0.0.0.0")
    assert main(["link"]) == 2
    assert capsys.readouterr().err.count("\n") == 1

from __future__ import annotations

import io
import sqlite3
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.store.backup import BackupError, Places, back_up, restore

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def places(var: Path) -> Places:
    return Places(var, f"sqlite:///{var}/admin.db", f"sqlite:///{var}/pbx.db")


def server(var: Path) -> Places:
    """State as a server leaves it."""
    (var / "keys").mkdir(parents=True)
    (var / "keys/order_ed25519").write_text("key")
    (var / "ami-accounts.json").write_text("{}")
    (var / "pbx.log").write_text("not kept")
    for name in ("admin.db", "pbx.db"):
        with closing(sqlite3.connect(var / name)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
    return places(var)


def test_a_backup_under_load_restores_on_an_empty_machine(tmp_path: Path) -> None:
    old = server(tmp_path / "old")
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(tmp_path / "old/pbx.db", timeout=10)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                with database:  # both rows or none
                    database.execute("INSERT INTO pair VALUES (?, 1)", (number,))
                    database.execute("INSERT INTO pair VALUES (?, 2)", (number,))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert back_up(old, tmp_path / "backup.tar.gz", AT) > 0
    finally:
        stop.set()
        writer.join()
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o777 == 0o600
    new = places(tmp_path / "new")
    assert restore(new, tmp_path / "backup.tar.gz") == AT
    with closing(sqlite3.connect(tmp_path / "new/pbx.db")) as database:
        halves = database.execute("SELECT a FROM pair GROUP BY a HAVING count(*) != 2").fetchall()
    assert halves == []
    assert (tmp_path / "new/keys/order_ed25519").read_text() == "key"
    assert (tmp_path / "new/keys/order_ed25519").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "new/pbx.log").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    old = server(tmp_path / "old")
    back_up(old, tmp_path / "b", AT)
    with pytest.raises(BackupError, match="there already"):
        restore(old, tmp_path / "b")


def test_postgresql_has_its_own_means(tmp_path: Path) -> None:
    elsewhere = Places(tmp_path, "postgresql+psycopg://u@host/doorline", f"sqlite:///{tmp_path}/pbx.db")
    with pytest.raises(BackupError, match="pg_dump"):
        back_up(elsewhere, tmp_path / "b", AT)


def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="not there"):
        back_up(places(tmp_path), tmp_path / "b", AT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x1f\x8b\x08\x00broken"])
def test_rubbish_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    with pytest.raises(BackupError):
        restore(places(tmp_path / "new"), tmp_path / "b")


def test_no_entry_leaves_the_directory(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b", "w:gz") as tar:
        for name, text in (
            ("manifest.json", b'{"version": 1, "at": "2026-11-22T12:00:00+00:00"}'),
            ("var/../../escaped", b"x"),
            ("/etc/escaped", b"x"),
            ("admin.db", b""),
            ("pbx.db", b""),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    restore(places(tmp_path / "new"), tmp_path / "b")
    assert {path.name for path in tmp_path.rglob("*")} == {"b", "new", "admin.db", "pbx.db"}

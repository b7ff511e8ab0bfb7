"""Connections: the reader cannot write, neither makes a file, the writer locks at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pbx.store import engine as engines
from pbx.store.engine import open_reader, open_writer
from tests.support.databases import make_sqlite


def test_the_reader_cannot_write(tmp_path: Path) -> None:
    reader = open_reader(make_sqlite(tmp_path)[0])
    with reader.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("DELETE FROM plan_revision"))


@pytest.mark.parametrize("open_engine", [open_reader, open_writer])
def test_a_missing_file_is_an_error_and_is_not_made(tmp_path: Path, open_engine: type) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/gone.db")
    with pytest.raises(OperationalError), engine.connect():
        pass
    assert not (tmp_path / "gone.db").exists()


def test_a_file_that_comes_back_is_found(tmp_path: Path) -> None:
    writer = open_writer(make_sqlite(tmp_path)[1])
    with writer.begin() as connection:
        connection.execute(text("INSERT INTO site_privacy VALUES ('a.example', 'commercial')"))
    for path in tmp_path.glob("pbx.db*"):
        path.unlink()
    make_sqlite(tmp_path)
    with writer.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM site_privacy")).scalar_one() == 0


def test_a_writing_transaction_has_the_lock_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.0)
    url = make_sqlite(tmp_path)[1]
    writer = open_writer(url)
    with closing(sqlite3.connect(tmp_path / "pbx.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), writer.begin():
            pass

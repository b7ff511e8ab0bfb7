"""Counts of uses are read, never written."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.support.databases import make_sqlite
from webadmin.guests.uses import uses_of


def test_counts_of_a_site(tmp_path: Path) -> None:
    _, pbx = make_sqlite(tmp_path)
    with sqlite3.connect(tmp_path / "pbx.db") as database:
        database.execute("INSERT INTO pass_use VALUES ('a.example', 'p1', 3), ('b.example', 'p2', 1)")
    database.close()
    assert uses_of(pbx, "a.example") == {"p1": 3}


def test_a_database_that_is_away_counts_nothing(tmp_path: Path) -> None:
    assert uses_of(f"sqlite:///{tmp_path}/none.db", "a.example") == {}

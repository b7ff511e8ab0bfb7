"""Passes arrive whole whenever one changed, and outlive a database that is away."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from pbx.store.copies import Copies
from pbx.store.engine import open_reader
from pbx.store.passes import Passes, PassWatch
from tests.pbx.store.rows import NOW, add_site
from tests.support.databases import make_sqlite

SITE = "house.example"


def add_pass(path: Path, seq: int, ref: str, state: str = "active") -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM guest_pass WHERE ref = ?", (ref,))
        database.execute(
            "INSERT INTO guest_pass (site, ref, label, host, building, doors, starts_at, ends_at, uses, pin,"
            " pin_length, pin_sealed, token, made_by, made_at, state, seq)"
            " VALUES (?, ?, 'x', 'kari', 'b', '[\"front\"]', ?, '2026-11-30 12:00:00', 3, 'aa', 6, '', 'bb',"
            " '', ?, ?, ?)",
            (SITE, ref, NOW, NOW, state, seq),
        )


def watch(directory: Path, url: str, seen: list[Passes]) -> PassWatch:
    return PassWatch(open_reader(url), Copies(directory / "copies"), seen.append)


def test_read_when_one_changed_and_recalled(tmp_path: Path) -> None:
    url, seen = make_sqlite(tmp_path)[0], list[Passes]()
    watching = watch(tmp_path, url, seen)
    watching.poll()
    assert seen == []
    add_site(tmp_path / "admin.db", SITE)
    add_pass(tmp_path / "admin.db", 1, "p1")
    add_pass(tmp_path / "admin.db", 2, "p2")
    watching.poll()
    watching.poll()
    [first] = seen
    held = first.by_site[SITE][0]
    assert (held.id, held.host, held.doors, held.uses, held.pin) == ("p1", "kari", ("front",), 3, "aa")
    assert held.end == datetime(2026, 11, 30, 12, tzinfo=UTC)

    add_pass(tmp_path / "admin.db", 3, "p1", "revoked")
    watching.poll()
    assert [each.id for each in seen[-1].by_site[SITE]] == ["p2"]
    assert seen[-1].known == {(SITE, "p1"), (SITE, "p2")}

    again: list[Passes] = []
    alone = watch(tmp_path, f"sqlite:///{tmp_path}/none.db", again)
    with pytest.raises(SQLAlchemyError):
        alone.poll()
    alone.recall()
    assert again == [seen[-1]]


def test_a_copy_of_another_version_is_no_copy(tmp_path: Path) -> None:
    Copies(tmp_path / "copies").keep_passes([{"site": "x"}])
    seen: list[Passes] = []
    watch(tmp_path, make_sqlite(tmp_path)[0], seen).recall()
    assert seen == []

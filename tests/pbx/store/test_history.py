"""Visits of commercial sites are kept for a while; of residential ones nothing can be written at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from pbx.store import history
from pbx.store.engine import open_writer
from pbx.store.history import Visit, VisitJournal
from pbx.store.tables import site_privacy, visit
from tests.support.databases import make_sqlite

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
VISIT = Visit(
    "office.example", "c1", AT, "street", "reception", "answered", "nora-phone", ("glass",), 4.0, 20.0
)
ROW = {
    "site": "house.example",
    "site_kind": "commercial",
    "call": "c1",
    "at": AT,
    "panel": "p",
    "button": "b",
    "result": "answered",
    "doors": "[]",
    "ring_seconds": 1.0,
    "talk_seconds": 1.0,
}


class Written:
    def __init__(self, directory: Path, days: int = 14) -> None:
        self.path = directory / "pbx.db"
        self.engine = open_writer(make_sqlite(directory)[1])
        self.at = AT
        self.journal = VisitJournal(days, lambda: self.at, lambda: None)

    def flush(self) -> None:
        with self.engine.begin() as connection:
            self.journal.write(connection)
            self.journal.delete_old(connection)
        self.journal.written()

    def fail(self) -> None:
        with self.engine.connect() as connection:
            self.journal.write(connection)
            connection.rollback()
        self.journal.failed()

    def rows(self, columns: str = "site, call") -> list[Any]:
        with closing(sqlite3.connect(self.path)) as database:
            return database.execute(f"SELECT {columns} FROM visit ORDER BY id").fetchall()


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_a_visit_to_a_commercial_site_is_kept(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    assert written.journal.append(VISIT)
    written.flush()
    row = written.rows("site, panel, button, result, answered_by, doors, ring_seconds, talk_seconds")[0]
    assert row[:5] == ("office.example", "street", "reception", "answered", "nora-phone")
    assert json.loads(row[5]) == ["glass"]
    assert row[6:] == (4.0, 20.0)


@pytest.mark.parametrize("kind", ["residential", None])
def test_any_other_visit_is_refused_before_it_is_queued(written: Written, kind: history.Kind | None) -> None:
    if kind is not None:
        written.journal.set_kind("office.example", kind)
    assert not written.journal.append(VISIT)
    written.flush()
    assert written.rows() == []


@pytest.mark.parametrize("kind", ["commercial", "residential"])
def test_the_database_itself_refuses_a_visit_to_a_residential_site(written: Written, kind: str) -> None:
    with written.engine.begin() as connection:
        connection.execute(insert(site_privacy), {"site": "house.example", "kind": "residential"})
    with pytest.raises(IntegrityError), written.engine.begin() as connection:
        connection.execute(insert(visit), {**ROW, "site_kind": kind})


def test_the_database_refuses_a_visit_to_a_site_of_unknown_type(written: Written) -> None:
    with pytest.raises(IntegrityError), written.engine.begin() as connection:
        connection.execute(insert(visit), ROW)


def test_a_site_with_visits_cannot_become_residential_behind_their_back(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    written.flush()
    with pytest.raises(IntegrityError), written.engine.begin() as connection:
        connection.execute(update(site_privacy).values(kind="residential"))


def test_a_site_that_turns_residential_loses_its_log_also_what_was_queued(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    written.flush()
    written.journal.append(replace(VISIT, call="c2"))
    written.fail()
    written.journal.set_kind("office.example", "residential")
    written.flush()
    assert written.rows() == []
    assert written.journal.waiting() == 0


def test_a_turn_to_residential_during_a_failing_write_drops_that_batch(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    with written.engine.connect() as connection:
        written.journal.write(connection)
        written.journal.set_kind("office.example", "residential")
        connection.rollback()
    written.journal.failed()
    written.flush()
    assert written.rows() == []


@pytest.mark.parametrize("days", [1, 14, 90])
def test_visits_go_after_the_retention_time(tmp_path: Path, days: int) -> None:
    written = Written(tmp_path, days)
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    written.flush()
    written.at = AT + timedelta(days=days)
    written.flush()
    assert len(written.rows()) == 1
    written.at += timedelta(seconds=1)
    written.flush()
    assert written.rows() == []


@pytest.mark.parametrize("days", [0, -1, 91])
def test_no_other_retention_time_can_be_asked_for(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 90"):
        VisitJournal(days, lambda: AT, lambda: None)


def test_a_moment_of_any_zone_is_compared_rightly(written: Written) -> None:
    from zoneinfo import ZoneInfo

    written.journal.set_kind("office.example", "commercial")
    written.journal.append(replace(VISIT, at=AT.astimezone(ZoneInfo("Asia/Tokyo"))))
    written.at = AT + timedelta(days=14, seconds=-1)
    written.flush()
    assert len(written.rows()) == 1


def test_what_failed_is_written_later_in_order(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    written.fail()
    written.journal.append(replace(VISIT, call="c2"))
    written.flush()
    assert written.rows() == [("office.example", "c1"), ("office.example", "c2")]


def test_memory_is_bounded_and_the_oldest_go_first(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "WAITING_LIMIT", 3)
    written.journal.set_kind("office.example", "commercial")
    for number in range(5):
        written.journal.append(replace(VISIT, call=str(number)))
    written.flush()
    assert [call for _, call in written.rows()] == ["3", "4"]  # the site's type takes a place and stays
    assert written.journal.lost == 3


def test_a_row_the_database_refuses_costs_only_itself(written: Written) -> None:
    written.journal.set_kind("office.example", "commercial")
    written.journal.append(VISIT)
    written.flush()
    with written.engine.begin() as connection:
        connection.execute(text("DELETE FROM visit"))
        connection.execute(update(site_privacy).values(kind="residential"))  # somebody else's doing
    written.journal.append(replace(VISIT, call="c2"))
    written.flush()
    assert written.rows() == []
    assert written.journal.lost == 1
    assert written.journal.waiting() == 0

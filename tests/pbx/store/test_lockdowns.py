"""Lockdowns: the newest state of each door survives a restart, until its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pbx.doors.watch import Lockdown
from pbx.store.engine import open_writer
from pbx.store.latest import LatestJournal
from pbx.store.lockdowns import restore_lockdowns, write_lockdown
from tests.support.databases import make_sqlite

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
GATE = Lockdown("house.example", "gate", AT + timedelta(hours=1), "caretaker")


def test_written_restored_lifted(tmp_path: Path) -> None:
    engine, wakes = open_writer(make_sqlite(tmp_path)[1]), list[int]()
    journal = LatestJournal(lambda: wakes.append(1), write_lockdown)

    def write() -> None:
        with engine.begin() as connection:
            journal.write(connection)
        journal.written()

    journal.put("house.example", "gate", GATE)
    journal.put("house.example", "back", GATE)
    journal.put("house.example", "back", None)
    assert (journal.waiting(), len(wakes)) == (2, 3)
    write()
    assert restore_lockdowns(engine, AT) == [GATE]
    assert restore_lockdowns(engine, AT + timedelta(hours=1)) == []
    journal.put("house.example", "gate", None)
    write()
    assert restore_lockdowns(engine, AT) == []
    engine.dispose()


def test_what_failed_waits_behind_what_is_newer(tmp_path: Path) -> None:
    engine = open_writer(make_sqlite(tmp_path)[1])
    journal = LatestJournal(lambda: None, write_lockdown)
    journal.put("house.example", "gate", GATE)
    with engine.connect() as connection:
        journal.write(connection)
    journal.put("house.example", "gate", None)
    journal.failed()
    with engine.begin() as connection:
        assert journal.write(connection) == 1
    journal.written()
    assert restore_lockdowns(engine, AT) == []
    engine.dispose()

"""The newest value of each key is written behind and comes back after a restart."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from pbx.store.engine import open_writer
from pbx.store.latest import LatestJournal, restore_marks, restore_uses, write_mark, write_use
from tests.support.databases import make_sqlite


def write(journal: LatestJournal[int] | LatestJournal[tuple[str, int]], engine: Engine) -> None:
    with engine.begin() as connection:
        journal.write(connection)
    journal.written()


def test_uses_and_marks(tmp_path: Path) -> None:
    engine, wakes = open_writer(make_sqlite(tmp_path)[1]), list[int]()
    uses = LatestJournal[int](lambda: wakes.append(1), write_use)
    marks = LatestJournal[tuple[str, int]](lambda: wakes.append(1), write_mark)
    uses.put("a.example", "p1", 1)
    uses.put("a.example", "p1", 2)
    uses.put("a.example", "p2", 1)
    marks.put("a.example", "gate", ("epoch", 7))
    assert (uses.waiting(), marks.waiting(), len(wakes)) == (2, 1, 4)
    write(uses, engine)
    write(marks, engine)
    assert restore_uses(engine) == {("a.example", "p1"): 2, ("a.example", "p2"): 1}
    assert restore_marks(engine) == {("a.example", "gate"): ("epoch", 7)}
    uses.put("a.example", "p1", None)
    marks.put("a.example", "gate", None)
    write(uses, engine)
    write(marks, engine)
    assert (restore_uses(engine), restore_marks(engine)) == ({("a.example", "p2"): 1}, {})
    engine.dispose()


def test_what_failed_waits_behind_what_is_newer(tmp_path: Path) -> None:
    engine = open_writer(make_sqlite(tmp_path)[1])
    uses = LatestJournal[int](lambda: None, write_use)
    uses.put("a.example", "p1", 1)
    with engine.connect() as connection:
        uses.write(connection)
    uses.put("a.example", "p1", 2)
    uses.failed()
    write(uses, engine)
    assert restore_uses(engine) == {("a.example", "p1"): 2}
    engine.dispose()

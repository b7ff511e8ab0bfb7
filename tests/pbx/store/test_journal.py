"""Both journals keep the promises the writer's thread stands on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.registrar.binding import StoredBinding
from pbx.store.bindings import BindingJournal
from pbx.store.engine import open_writer
from pbx.store.history import VisitJournal
from pbx.store.journal import Journal
from tests.support.databases import make_sqlite


def civil() -> datetime:
    return datetime(2026, 11, 22, tzinfo=UTC)


def bindings() -> Journal:
    journal = BindingJournal(civil, lambda: None)
    journal.put(StoredBinding("s", "d", "k", "a", "sip:a@b", ("h", 1), ("h", 2), 60.0))
    return journal


def visits() -> Journal:
    journal = VisitJournal(14, civil, lambda: None)
    journal.set_kind("s", "commercial")
    return journal


@pytest.mark.parametrize("make", [bindings, visits])
def test_changes_wait_until_they_are_written(tmp_path: Path, make: Callable[[], Journal]) -> None:
    journal = make()
    engine = open_writer(make_sqlite(tmp_path)[1])
    assert journal.waiting() == 1
    with engine.connect() as connection:
        assert journal.write(connection) == 1
        assert journal.waiting() == 1
        connection.rollback()
    journal.failed()
    assert journal.waiting() == 1
    with engine.begin() as connection:
        assert journal.write(connection) == 1
    journal.written()
    assert journal.waiting() == 0
    with engine.begin() as connection:
        assert journal.write(connection) == 0

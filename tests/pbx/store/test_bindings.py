"""Bindings: written once with their newest state, kept when a write fails, restored while they live."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from pbx.registrar.binding import StoredBinding
from pbx.store.bindings import BindingJournal, restore
from pbx.store.engine import open_writer
from tests.support.databases import make_sqlite

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)

KARI = StoredBinding(
    site="house.example",
    device="kari-app",
    key="<urn:uuid:1>;1",
    aor="kari",
    contact="sip:kari@192.0.2.1:5062",
    local=("192.0.2.9", 5060),
    remote=("192.0.2.1", 40000),
    seconds=300.0,
    instance="<urn:uuid:1>",
    reg_id=1,
    call_id="abc",
    cseq=17,
    user_agent="phone/1",
    path=("<sip:edge.example;lr>",),
)


class Written:
    """A journal, its database and its clock."""

    def __init__(self, directory: Path) -> None:
        self.engine: Engine = open_writer(make_sqlite(directory)[1])
        self.at = AT
        self.wakes = 0
        self.journal = BindingJournal(lambda: self.at, self._wake)

    def _wake(self) -> None:
        self.wakes += 1

    def flush(self) -> int:
        with self.engine.begin() as connection:
            count = self.journal.write(connection)
        self.journal.written()
        return count

    def restored(self) -> list[StoredBinding]:
        return sorted(restore(self.engine, self.at), key=lambda item: item.key)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_a_binding_comes_back_as_it_was(written: Written) -> None:
    written.journal.put(KARI)
    assert written.wakes == 1
    assert written.flush() == 1
    assert written.restored() == [KARI]


def test_its_life_goes_on_while_the_process_is_down(written: Written) -> None:
    written.journal.put(KARI)
    written.flush()
    written.at += timedelta(seconds=100)
    assert written.restored() == [replace(KARI, seconds=200.0)]
    written.at += timedelta(seconds=200)
    assert written.restored() == []


def test_many_changes_of_one_binding_are_one_row(written: Written) -> None:
    for cseq in range(20):
        written.journal.put(replace(KARI, cseq=cseq))
    assert written.flush() == 1
    written.journal.put(replace(KARI, cseq=20))
    written.flush()
    assert [item.cseq for item in written.restored()] == [20]


def test_a_removed_binding_is_gone(written: Written) -> None:
    written.journal.put(KARI)
    written.flush()
    written.journal.remove(KARI.site, KARI.device, KARI.key)
    written.flush()
    assert written.restored() == []


def test_bindings_of_one_device_and_of_two_sites_stand_side_by_side(written: Written) -> None:
    written.journal.put(KARI)
    written.journal.put(replace(KARI, key="2"))
    written.journal.put(replace(KARI, site="other.example"))
    written.flush()
    assert len(written.restored()) == 3


def test_what_failed_waits_again_unless_something_newer_does(written: Written) -> None:
    written.journal.put(KARI)
    written.journal.put(replace(KARI, key="2"))
    with written.engine.connect() as connection:
        written.journal.write(connection)
        connection.rollback()
    written.journal.remove(KARI.site, KARI.device, KARI.key)
    written.journal.failed()
    assert written.journal.waiting() == 2
    written.flush()
    assert [item.key for item in written.restored()] == ["2"]


@pytest.mark.parametrize(
    "extravagant",
    [
        {"contact": "sip:" + "x" * 600},
        {"key": "k" * 600},
        {"user_agent": "u" * 300},
        {"call_id": "c\0"},
        {"cseq": 2**40},
        {"reg_id": 2**31},
        {"path": ("<sip:p>",) * 1000},
    ],
)
def test_what_no_column_takes_is_not_kept_nor_what_it_replaces(
    written: Written, extravagant: dict[str, Any]
) -> None:
    written.journal.put(KARI)
    written.flush()
    written.journal.put(replace(KARI, **extravagant))
    written.flush()
    assert written.restored() == ([KARI] if "key" in extravagant else [])


def test_a_failed_write_does_not_lengthen_a_life(written: Written) -> None:
    written.journal.put(KARI)
    with written.engine.connect() as connection:
        written.journal.write(connection)
        connection.rollback()
    written.journal.failed()
    written.at += timedelta(seconds=250)
    written.flush()
    assert [round(item.seconds) for item in written.restored()] == [50]


@settings(max_examples=40)  # each makes a database
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from(["", "flush", "fail"])), max_size=30
    )
)
def test_the_database_ends_where_the_registrar_did(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bool, str]]
) -> None:
    written = Written(tmp_path_factory.mktemp("bindings"))
    known: dict[str, StoredBinding] = {}
    for number, (key, put, then) in enumerate(steps):
        if put:
            known[key] = replace(KARI, key=key, cseq=number)
            written.journal.put(known[key])
        else:
            known.pop(key, None)
            written.journal.remove(KARI.site, KARI.device, key)
        if then == "flush":
            written.flush()
        elif then == "fail":
            with written.engine.connect() as connection:
                written.journal.write(connection)
                connection.rollback()
            written.journal.failed()
    written.flush()
    assert written.restored() == [known[key] for key in sorted(known)]
    assert written.journal.waiting() == 0

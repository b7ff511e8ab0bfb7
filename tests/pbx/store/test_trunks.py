"""Trunks come out of the database with their passwords opened; what was spent outlives a restart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from pbx.store.copies import Copies
from pbx.store.engine import open_reader, open_writer
from pbx.store.latest import LatestJournal
from pbx.store.trunks import TrunkWatch, restore_spent, write_spent
from pbx.trunks.guard import Use
from pbx.trunks.trunk import Trunk
from tests.support.databases import make_sqlite
from webadmin.sealing import Sealer

KEY = "a key of the tests, long enough"


def add(path: Path, ref: str, position: int, *, enabled: bool = True, key: str = KEY) -> None:
    values = (ref, ref, position, enabled, Sealer(key).seal("s3cret"))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO trunk (ref, name, position, enabled, kind, host, port, transport, username, realm,"
            " sealed_password, from_domain, addresses, listen_port, srtp, number_format, caller_id, expires,"
            " options_seconds, changed_at) VALUES (?, ?, ?, ?, 'registering', 'sip.a', 0, 'udp', 'me', '',"
            " ?, '', '[\"192.0.2.1\"]', 0, 0, 'plus', '', 300, 30, '2026-11-22 12:00:00')",
            values,
        )


def watch(directory: Path, url: str, seen: list[list[Trunk]]) -> TrunkWatch:
    (directory / "secret.key").write_text(KEY)
    return TrunkWatch(open_reader(url), Copies(directory / "copies"), directory / "secret.key", seen.append)


def test_read_in_order_when_one_changed_and_recalled(tmp_path: Path) -> None:
    url, seen = make_sqlite(tmp_path)[0], list[list[Trunk]]()
    watching = watch(tmp_path, url, seen)
    watching.poll()
    assert seen == []
    add(tmp_path / "admin.db", "b", 1)
    add(tmp_path / "admin.db", "a", 0)
    add(tmp_path / "admin.db", "off", 2, enabled=False)
    watching.poll()
    watching.poll()
    [trunks] = seen
    assert [(one.ref, one.password, one.realm, one.from_domain) for one in trunks] == [
        ("a", "s3cret", "sip.a", "sip.a"),
        ("b", "s3cret", "sip.a", "sip.a"),
    ]
    assert trunks[0].addresses == ("192.0.2.1",)
    again: list[list[Trunk]] = []
    alone = watch(tmp_path, f"sqlite:///{tmp_path}/none.db", again)
    with pytest.raises(SQLAlchemyError):
        alone.poll()
    alone.recall()
    assert again == [trunks]
    assert "s3cret" not in (tmp_path / "copies" / "trunks.json").read_text()


def test_a_password_of_another_key_is_none_and_said_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url, seen = make_sqlite(tmp_path)[0], list[list[Trunk]]()
    add(tmp_path / "admin.db", "a", 0, key="another key of somebody else")
    watch(tmp_path, url, seen).poll()
    assert seen[0][0].password == ""
    assert "trunk a: its password was sealed with another key" in caplog.text
    assert "s3cret" not in caplog.text


def test_what_was_spent(tmp_path: Path) -> None:
    engine = open_writer(make_sqlite(tmp_path)[1])
    journal = LatestJournal[Use](lambda: None, write_spent)
    first, last = Use("a.example", "2026-11-22", 1, 100), Use("a.example", "2026-11-22", 2, 200, True)
    for use in (first, last):
        journal.put(use.site, "", use)
        with engine.begin() as connection:
            journal.write(connection)
        journal.written()
    assert restore_spent(engine) == [last]
    journal.put("a.example", "", None)
    with engine.begin() as connection:
        journal.write(connection)
    assert restore_spent(engine) == []
    engine.dispose()

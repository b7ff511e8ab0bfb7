"""Transactions: the write lock first, all or nothing, foreign keys on, times aware."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from webadmin import db as module
from webadmin.db import db, writing
from webadmin.models import Counter, Organisation, Site, Unit, WebSession, next_number
from webadmin.models.site import FixedAtCreation

AT = datetime(2026, 11, 22, 13, tzinfo=timezone(timedelta(hours=1)))


def test_sqlite_is_set_as_the_architecture_says(app: Flask) -> None:
    values = {
        name: db.session.execute(text(f"PRAGMA {name}")).scalar_one()
        for name in ("journal_mode", "foreign_keys", "synchronous")
    }
    assert values == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_writing_takes_the_lock_at_once(app: Flask, tmp_path: Path) -> None:
    with writing():
        with closing(sqlite3.connect(tmp_path / "admin.db", timeout=0, isolation_level=None)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")


def test_reading_needs_no_lock(app: Flask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "admin.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert db.session.scalars(select(Site)).all() == []


def test_somebody_elses_lock_is_an_error_and_not_a_wait_for_ever(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.execute(text("PRAGMA busy_timeout=0"))
    with closing(sqlite3.connect(tmp_path / "admin.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError), writing():
            pass
    assert module.BUSY_SECONDS <= 5


def test_an_exception_undoes_everything(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.add(Organisation(ref="o", name="O", created_at=AT))
        session.flush()
        raise ZeroDivisionError
    assert db.session.scalars(select(Organisation)).all() == []


def test_changes_made_outside_are_refused(app: Flask) -> None:
    db.session.add(Organisation(ref="o", name="O", created_at=AT))
    with pytest.raises(RuntimeError), writing():
        pass
    db.session.rollback()


def test_foreign_keys_hold(app: Flask) -> None:
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Unit(site_id=1, ref="u", position=0, building_id=1, name="U"))


def test_times_come_back_aware_and_equal(app: Flask) -> None:
    with writing() as session:
        session.add(WebSession(token_hash="x", content={}, expires_at=AT, browser=""))
    db.session.expire_all()
    found = db.session.get_one(WebSession, "x").expires_at
    assert found == AT and found.tzinfo is UTC


def test_a_naive_time_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="naive"), writing() as session:
        session.add(WebSession(token_hash="x", content={}, expires_at=AT.replace(tzinfo=None)))


def test_numbers_rise_by_name(app: Flask) -> None:
    with writing() as session:
        assert [next_number(session, "a"), next_number(session, "a"), next_number(session, "b")] == [1, 2, 1]
    with writing() as session:
        assert next_number(session, "a") == 3
        assert session.get_one(Counter, "b").value == 1


@pytest.mark.parametrize(("field", "value"), [("domain", "other.example"), ("kind", "commercial")])
def test_domain_and_kind_of_a_site_are_fixed(published: Flask, field: str, value: str) -> None:
    with pytest.raises(FixedAtCreation, match=field), writing() as session:
        site = session.scalars(select(Site).where(Site.domain == "fjordgata.example")).one()
        setattr(site, field, value)

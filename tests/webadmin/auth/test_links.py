"""Links work once, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from webadmin.auth.links import LIFETIME, is_good, make_link, use_link
from webadmin.db import db, writing
from webadmin.models import SetupLink

AT = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_link_works_once(app: Flask) -> None:
    with writing() as session:
        code = make_link(session, AT)
    assert is_good(db.session(), code, AT)
    with writing() as session:
        assert [use_link(session, code, AT), use_link(session, code, AT)] == [True, False]
    assert not is_good(db.session(), code, AT)


def test_a_link_ages(app: Flask) -> None:
    with writing() as session:
        code = make_link(session, AT)
        assert not use_link(session, code, AT + LIFETIME)
        assert use_link(session, code, AT + LIFETIME - timedelta(seconds=1))


def test_only_its_hash_is_kept_and_old_ones_go(app: Flask) -> None:
    with writing() as session:
        first = make_link(session, AT)
        second = make_link(session, AT + LIFETIME)
        rows = session.scalars(select(SetupLink.code_hash)).all()
        assert len(rows) == 1
        assert not {first, second} & set(rows)
        assert len(second) >= 32


def test_nonsense_lets_nobody_in(app: Flask) -> None:
    with writing() as session:
        for code in ("", "x", "'; DROP TABLE setup_link", "\x00", "é" * 500):
            assert not use_link(session, code, AT)

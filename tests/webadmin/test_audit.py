"""The audit's entries hang together."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, update

from tests.webadmin.conftest import AT
from webadmin.audit import is_whole, record
from webadmin.db import db, writing
from webadmin.models import AuditEntry


def test_a_changed_or_missing_entry_shows(app: Flask) -> None:
    with writing() as session:
        for number in range(4):
            record(session, AT, "kari", "invited", f"{number}")
        assert is_whole(session)
    db.session.execute(update(AuditEntry).where(AuditEntry.id == 2).values(subject="other"))
    assert not is_whole(db.session())
    db.session.rollback()
    db.session.execute(delete(AuditEntry).where(AuditEntry.id == 2))
    assert not is_whole(db.session())
    db.session.rollback()

"""A change is whole or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from dialplan.rows import SiteRows
from tests.webadmin.conftest import AT
from webadmin.audit import is_whole
from webadmin.db import db
from webadmin.editing.changes import Changed, Refused, Stale, change, undo
from webadmin.models import Door, Person, PlanRevision, SiteChange


def renamed(name: str, number: str = "") -> Changed:
    def edit(rows: SiteRows) -> SiteRows:
        first = replace(rows.people[0], name=name, number=number or rows.people[0].number)
        return replace(rows, people=(first, *rows.people[1:]))

    return change(1, edit, note="x", who="kari", account_id=None, at=AT)


def test_rows_revision_history_and_audit_go_together(published: Flask) -> None:
    ids = [row.id for row in db.session.query(Door)]
    first = renamed("Ny")
    assert (first.revision, first.log_ins) == (2, ())
    assert db.session.query(Person).filter_by(name="Ny").count() == 1
    assert [row.id for row in db.session.query(Door)] == ids, "pages keep their addresses"
    assert is_whole(db.session())
    db.session.rollback()
    assert renamed("Ny") == Changed(0, 0, ())


def test_what_does_not_compile_changes_nothing(published: Flask) -> None:
    with pytest.raises(Refused) as fault:
        renamed("Ny", number="112")
    assert fault.value.errors[0].where.endswith("number")
    assert db.session.query(Person).filter_by(name="Ny").count() == 0
    assert db.session.query(SiteChange).count() == 0


def test_undo_is_a_revision_of_its_own(published: Flask) -> None:
    first, second = renamed("Ny"), renamed("Nyere")
    with pytest.raises(Stale):
        undo(first.change_id, who="kari", account_id=None, at=AT)
    assert undo(second.change_id, who="kari", account_id=None, at=AT).revision == 4
    assert undo(first.change_id, who="kari", account_id=None, at=AT).revision == 5
    revisions = [row.revision for row in db.session.query(PlanRevision).filter_by(site="fjordgata.example")]
    assert revisions == [1, 2, 3, 4, 5]

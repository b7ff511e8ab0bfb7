"""What came of a change is told: at its field, above the form, or as a note; nothing is half-saved."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, g, get_flashed_messages

from dialplan.rows import SiteRows
from tests.webadmin.conftest import make_owner
from webadmin.auth.reach import Reach, raise_wall
from webadmin.db import db
from webadmin.editing.act import STALE, act
from webadmin.editing.changes import Stale
from webadmin.models import Account, PlanRevision
from webadmin.people.forms import PersonForm


def gone(rows: SiteRows) -> SiteRows:
    raise Stale


def twice(rows: SiteRows) -> SiteRows:
    first, *rest = rows.people
    return replace(rows, people=(replace(first, number="77"), replace(rest[0], number="77"), *rest[1:]))


def test_who_was_second_and_what_does_not_compile(published: Flask) -> None:
    make_owner()
    owner = db.session.query(Account).one()
    before = db.session.query(PlanRevision).count()
    with published.test_request_context("/", method="POST", data={"number": "77"}):
        raise_wall(Reach(everything=True))
        g.account, g.language = owner, "en"
        form = PersonForm()
        assert act(1, gone, form, "{0} is saved.", "Kari") is None and form.form_errors == [STALE]
        assert act(1, gone, None, "{0} is saved.", "Kari") is None
        (told,) = get_flashed_messages()
        assert STALE in str(told)
        assert act(1, twice, form, "{0} is saved.", "Kari") is None and len(form.number.errors) >= 1
    assert db.session.query(PlanRevision).count() == before

"""The newest plan, not an older one."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.editing.test_changes import renamed
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.models import Site


def test_it_follows_what_is_published(published: Flask) -> None:
    with published.test_request_context("/"):
        site = db.session.query(Site).execution_options().first() or Site(domain="fjordgata.example")
        before = newest_plan(site)
        assert before is not None and newest_plan(site) is before
    renamed("Nytt Navn")
    with published.test_request_context("/"):
        after = newest_plan(Site(domain="fjordgata.example"))
        assert after is not None and any(person.name == "Nytt Navn" for person in after.directory.people)
        assert newest_plan(Site(domain="none.example")) is None

"""A change that cannot be is a problem with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, g
from sqlalchemy import select

from dialplan.rows import SiteRows
from tests.webadmin.conftest import make_owner
from webadmin.db import db
from webadmin.editing.changes import Stale
from webadmin.models import Account, Site
from webadmin.resident.acting import published as publish
from webadmin.resident.acting import tell_pbx
from webadmin.resident.answers import Problem


def in_need(rows: SiteRows) -> SiteRows:
    first, *others = rows.people
    return replace(rows, people=(replace(first, number="112"), *others))


def test_refused_stale_and_away(published: Flask) -> None:
    make_owner()

    def stale(rows: object) -> object:
        raise Stale

    with published.test_request_context("/"):
        g.criteria = ()
        g.account = db.session.scalars(select(Account)).one()
        site = db.session.scalars(select(Site)).first()
        assert site is not None
        site_id = site.id
        with pytest.raises(Problem) as caught:
            publish(site_id, stale, "x")  # type: ignore[arg-type]
        assert caught.value.status == 409
        with pytest.raises(Problem) as caught:
            publish(site_id, in_need, "x")
        assert caught.value.status == 422 and caught.value.values
        tell_pbx()  # the PBX of these tests is away

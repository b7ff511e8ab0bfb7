"""Who one is; see test_routes for who one is not."""

from __future__ import annotations

from flask import Flask, g
from sqlalchemy import select

from tests.webadmin.residents import HOUSE
from webadmin.auth.reach import Reach
from webadmin.db import db
from webadmin.models import Person, Site
from webadmin.resident.whose import own_at, own_devices, own_people


def test_people_and_devices(published: Flask) -> None:
    with published.test_request_context("/"):
        query = select(Person.id).join(Site, Site.id == Person.site_id)
        g.criteria = ()
        kari = db.session.scalars(query.where(Person.ref == "kari", Site.domain == HOUSE)).one()
        g.reach = Reach(people=(kari,))
        assert [own.person.ref for own in own_people()] == ["kari"] and own_at(HOUSE).site.domain == HOUSE
        assert {device.ref for device in own_devices(db.session())} == {
            "kari-app",
            "kari-phone",
            "h0101-station",
        }
        g.reach = Reach()
        assert own_people() == [] and list(own_devices(db.session())) == []

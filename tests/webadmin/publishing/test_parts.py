"""References and parts of one site, never of another."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from webadmin.db import db
from webadmin.models import DialGroup, DialGroupMember, Person, Site
from webadmin.publishing.parts import parts, refs


def site(domain: str) -> Site:
    return db.session.scalars(select(Site).where(Site.domain == domain)).one()


def test_refs_are_of_one_site_only(published: Flask) -> None:
    house, office = site("fjordgata.example"), site("kontor.example")
    stranger = db.session.scalars(select(Person).where(Person.site_id == office.id)).first()
    assert stranger is not None
    of = refs(db.session(), house)
    assert of("person", None) == ""
    with pytest.raises(KeyError):
        of("person", stranger.id)


def test_parts_are_in_order_and_of_one_site_only(published: Flask) -> None:
    house = site("fjordgata.example")
    found = parts(db.session(), house, DialGroupMember.group_id, DialGroup, lambda row: row.position)
    assert all(list(positions) == list(range(len(positions))) for positions in found.values())
    assert sum(map(len, found.values())) == 10
    assert found[10_000] == ()

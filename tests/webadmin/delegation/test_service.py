"""The bounds of unit owners."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from webadmin.auth.reach import Reach
from webadmin.db import db, writing
from webadmin.delegation import service
from webadmin.models import Person, Unit


def test_defaults_bounds_and_admins(published: Flask) -> None:
    kari = db.session.scalars(select(Person).where(Person.ref == "kari")).first()
    assert kari is not None and kari.unit_id is not None
    unit = db.session.get_one(Unit, kari.unit_id)
    building, key = unit.building_id, unit.id
    owner, caretaker = Reach(units=(key,)), Reach(buildings=(building,))
    assert service.bounds_of_unit(db.session(), key) == service.Bounds()
    assert service.refusal(db.session(), owner, key, more=1) == ""
    with writing() as session:
        service.set_bounds(session, building, replace(service.Bounds(), most_members=1, guests=False))
    assert service.refusal(db.session(), owner, key) == ""
    assert service.refusal(db.session(), owner, key, more=1) == service.FULL
    assert service.refusal(db.session(), caretaker, key, more=1) == ""
    assert service.refusal(db.session(), owner, key + 1) == service.NOT_YOURS
    assert service.refusal(db.session(), owner, None) == service.NOT_YOURS
    with writing() as session:
        service.set_bounds(session, building, service.Bounds(members=False))
    assert service.refusal(db.session(), owner, key) == service.NOT_YOURS
    assert service.runs(db.session(), Reach(everything=True), None)

"""Who is waited for: whom nothing but an app could ring; the tables and the rows say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from flask import Flask
from sqlalchemy import select

from dialplan.rows import DeviceKind, DeviceRow, PersonRow
from tests.support.demonstration import house
from webadmin.db import db, writing
from webadmin.editing.difference import with_row
from webadmin.models import Person, Site
from webadmin.publishing.rows import site_rows
from webadmin.publishing.waiting import is_awaited, waited_for, with_waiting


@pytest.mark.parametrize(
    ("device", "telephone", "station", "waits"),
    [
        ("app", "", True, True),
        ("", "", True, True),
        ("phone", "", True, False),
        ("app", "+4722334455", True, False),
        ("app", "", False, True),
    ],
)
def test_a_telephone_needs_no_log_in(
    device: DeviceKind | Literal[""], telephone: str, station: bool, waits: bool
) -> None:
    rows = house()
    new = PersonRow("mia", "Mia", telephone=telephone, ring_station=station)
    rows = with_row(rows, "people", new)
    if device:
        rows = with_row(rows, "devices", DeviceRow("mia-it", device, person="mia"))
    everybody_else = frozenset(person.id for person in house().people)
    assert waited_for(rows, everybody_else) == (frozenset({"mia"}) if waits else frozenset())
    flat = next(each.unit for each in rows.devices if each.kind == "station")
    at_home = with_row(rows, "people", replace(new, unit=flat))
    assert ("mia" in waited_for(at_home, everybody_else)) == (waits and not station)


def test_the_tables_say_the_same(published: Flask) -> None:
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == "fjordgata.example")).one()
        assert with_waiting(session, site, site_rows(session, site)) == site_rows(session, site)
        for person in session.scalars(select(Person).where(Person.site_id == site.id)):
            person.arrived = False
    site = db.session.scalars(select(Site).where(Site.domain == "fjordgata.example")).one()
    rows = site_rows(db.session(), site)
    people = db.session.scalars(select(Person).where(Person.site_id == site.id)).all()
    awaited = {person.ref for person in people if is_awaited(db.session(), site, person)}
    assert awaited == waited_for(rows, frozenset()) and 0 < len(awaited) < len(people)
    hidden = {row.id for row in with_waiting(db.session(), site, rows).people if row.hidden is True}
    assert hidden == awaited

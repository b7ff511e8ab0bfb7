"""Two buildings of one site: whoever runs one names nothing of the other, in no form and in no list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dialplan.rows import BuildingRow, PersonRow, SiteRows, UnitRow
from tests.webadmin.conftest import post
from tests.webadmin.people_of_two_houses import HASH, browser, make_people
from webadmin.auth.entering import make_account
from webadmin.db import db, writing
from webadmin.editing.changes import change
from webadmin.models import Building, DialGroup, Membership, PlanRevision, Site
from webadmin.models.dial_group_member import DialGroupMember
from webadmin.people.service import move_in

HOUSE = "fjordgata.example"
STAY = {"window": "2026-11-22T10:00", "end": "2030-01-01T10:00"}
FOREIGN = (
    ("/people/new", {"name": "Ny", "unit": "h0101", "device": "app"}),
    ("/units/new", {"name": "H9", "building": "fjordgata-12"}),
    ("/devices/new", {"kind": "phone", "name": "Ny", "owner": "person:kari"}),
    ("/devices/new", {"kind": "station", "name": "Ny", "owner": "unit:h0101"}),
    ("/panels/new", {"kind": "panel", "name": "Ny", "building": "fjordgata-12"}),
    ("/rules/new", {"doors": "front", "people": "eva", "methods": "app"}),
    ("/buttons/new", {"kind": "individual", "person": "kari", "building": "annex", "label": "Ny"}),
    ("/buttons/new", {"kind": "individual", "person": "eva", "building": "", "label": "Ny"}),
    ("/buttons/new", {"kind": "common_simultaneous", "group": "caretaker", "building": "annex"}),
    ("/guests/new", {"label": "Ny", "doors": "front", **STAY}),
    ("/doors/new", {"name": "Ny", "building": "fjordgata-12", "relay": "x", "open_seconds": "5"}),
    ("/set-up/people", {"kind": "app", "unit-h0101": "Ny"}),
)


def annexed(rows: SiteRows) -> SiteRows:
    """The house with a second building, where Eva lives."""
    rows = replace(
        rows,
        buildings=(*rows.buildings, BuildingRow("annex", "Annekset")),
        units=(*rows.units, UnitRow("a1", "annex", "A1")),
    )
    return move_in(PersonRow("", "Eva", unit="a1"), "phone", False)(rows)


def caretaker_of_the_annex(app: Flask) -> FlaskClient:
    """A browser of somebody who runs the annex alone."""
    make_people()
    site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
    at, site_id, organisation_id = datetime.now(UTC), site.id, site.organisation_id
    change(site_id, annexed, who="test", account_id=None, note="annex", at=at)
    with writing() as session:
        where = (Building.site_id == site_id, Building.ref == "annex")
        building = session.scalars(select(Building.id).where(*where)).one()
        account = make_account(session, "Vaktmester", "annex@x.example", at)
        account.password_hash = HASH
        role = {"role": "building_admin", "organisation_id": organisation_id, "building_id": building}
        session.add(Membership(account_id=account.id, **role))
    return browser(app, "annex@x.example")


def revisions() -> int:
    db.session.remove()
    return db.session.query(PlanRevision).filter_by(site=HOUSE).count()


def test_nothing_of_the_other_building_can_be_named(published: Flask) -> None:
    client = caretaker_of_the_annex(published)
    before = revisions()
    for path, form in FOREIGN:
        answer = post(client, f"{path}?lang=en", **form)
        assert answer.status_code in (403, 404, 422), (path, form, answer.status_code)
        assert "Kari Berg" not in answer.text and revisions() == before, (path, form)
    group = {"ringing": "simultaneous", "name": "Ny", "step_seconds": 20, "ring_seconds": 60, "lines": 1}
    for target in ("person:kari", "device:kari-app", "group:caretaker"):
        post(client, "/dial-groups/new", **group, **{"target-0": target, "on-0": "y"})
    query = select(DialGroupMember.person_id).join(DialGroup, DialGroup.id == DialGroupMember.group_id)
    assert db.session.scalars(query.where(DialGroup.name == "Ny")).all() == []


def test_its_list_is_its_own(published: Flask) -> None:
    client = caretaker_of_the_annex(published)
    before, own = revisions(), client.get("/people.csv").text
    assert "eva" in own and "kari" not in own
    for line in (",Ny,,h0101,", "kari,Kari,,a1,", ",Ny,,,"):
        text = f"id,name,alias,unit,number\neva,Eva,,a1,\n{line}\n"
        listed = post(client, "/people/import?lang=en", content=text)
        assert "Nothing was saved" in listed.text and revisions() == before, line

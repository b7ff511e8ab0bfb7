"""Accounts of every role in two organisations, for tests of the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from webadmin.auth.entering import make_account
from webadmin.auth.passwords import make_hash
from webadmin.db import db, writing
from webadmin.models import Building, Membership, Organisation, Person, Site

PASSWORD = "en lang setning om dører"
HASH = make_hash(PASSWORD)
PEOPLE = (
    ("owner@x.example", "system_owner", ""),
    ("house@x.example", "organisation_admin", "fjordgata.example"),
    ("office@x.example", "organisation_admin", "kontor.example"),
    ("caretaker@x.example", "building_admin", "fjordgata.example"),
    ("reception@x.example", "building_admin", "kontor.example"),
    ("nobody@x.example", "", ""),
    ("flat@x.example", "unit_owner", "fjordgata.example"),
    ("kari@x.example", "resident", "fjordgata.example"),
    ("visitor@x.example", "guest", "fjordgata.example"),
    ("desk@x.example", "resident", "kontor.example"),
)


def make_people() -> None:
    """All of them, with one password and no second factor."""
    with writing() as session:
        for email, role, domain in PEOPLE:
            account = make_account(session, email, email, datetime.now(UTC))
            account.password_hash = HASH
            if role:
                site = session.scalars(select(Site).where(Site.domain == domain)).one_or_none()
                where = _where(session, role, site.id) if site else {}
                session.add(
                    Membership(
                        account_id=account.id,
                        role=role,
                        organisation_id=site.organisation_id if site else None,
                        **where,
                    )
                )


def _where(session: Session, role: str, site_id: int) -> dict[str, Any]:
    """The rest of a membership: the first building, Kari, or Kari's unit."""
    if role == "building_admin":
        building = select(Building.id).where(Building.site_id == site_id)
        return {"building_id": session.scalars(building).first()}
    kari = select(Person).where(Person.site_id == site_id, Person.ref == "kari")
    person = session.scalars(kari).one()
    if role == "resident":
        return {"person_id": person.id}
    if role == "unit_owner":
        return {"unit_id": person.unit_id, "person_id": person.id}
    ends_at = datetime.now(UTC) + timedelta(days=1)
    return {"unit_id": person.unit_id, "ends_at": ends_at} if role == "guest" else {}


def browser(app: Flask, email: str) -> FlaskClient:
    """A browser logged in as `email`."""
    forced = app.config["DOORLINE"].webadmin
    app.config["DOORLINE"].webadmin = forced.model_copy(update={"second_factor": ()})
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def ids_of(model: type, domain: str) -> list[int]:
    """Keys of a site's rows of one table."""
    row: object = model
    where = select(row.id).join(Site, Site.id == row.site_id)  # type: ignore[attr-defined]
    return list(db.session.scalars(where.where(Site.domain == domain)))


def organisation_of(domain: str) -> int:
    """The organisation of a site."""
    query = select(Organisation.id).join(Site, Site.organisation_id == Organisation.id)
    return db.session.scalars(query.where(Site.domain == domain)).one()

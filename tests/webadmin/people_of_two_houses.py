"""Accounts of every role in two organisations, for tests of the wall."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from webadmin.auth.entering import make_account
from webadmin.auth.passwords import make_hash
from webadmin.db import db, writing
from webadmin.models import Building, Membership, Organisation, Site

PASSWORD = "en lang setning om dører"
HASH = make_hash(PASSWORD)
PEOPLE = (
    ("owner@x.example", "system_owner", ""),
    ("house@x.example", "organisation_admin", "fjordgata.example"),
    ("office@x.example", "organisation_admin", "kontor.example"),
    ("caretaker@x.example", "building_admin", "fjordgata.example"),
    ("reception@x.example", "building_admin", "kontor.example"),
    ("nobody@x.example", "", ""),
)


def make_people() -> None:
    """All of them, with one password and no second factor."""
    with writing() as session:
        for email, role, domain in PEOPLE:
            account = make_account(session, email, email, datetime.now(UTC))
            account.password_hash = HASH
            if role:
                site = session.scalars(select(Site).where(Site.domain == domain)).one_or_none()
                building = select(Building.id).where(Building.site_id == (site.id if site else 0))
                narrow = role == "building_admin"
                session.add(
                    Membership(
                        account_id=account.id,
                        role=role,
                        organisation_id=site.organisation_id if site else None,
                        building_id=session.scalars(building).first() if narrow else None,
                    )
                )


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

"""Who may let whom into the app."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.webadmin.conftest import post
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.delegation.invitations import accounts_of
from webadmin.models import Person


def test_an_owner_invites_the_household_but_makes_no_owners(published: Flask) -> None:
    make_people()
    owner = browser(published, "flat@x.example")
    kari = db.session.scalars(select(Person.id).where(Person.ref == "kari")).first() or 0
    astrid = db.session.scalars(select(Person.id).where(Person.ref == "astrid")).first()
    assert post(owner, f"/people/{kari}/app", email="mia@y.example").status_code == 200
    assert post(owner, f"/people/{kari}/app", email="ole@y.example", owner="y").status_code == 403
    assert post(owner, f"/people/{astrid}/app", email="ole@y.example").status_code == 404
    assert post(owner, f"/people/{kari}/app", email="not an address").status_code == 303
    roles = {account.email: role for account, role in accounts_of(db.session(), kari)}
    assert roles["mia@y.example"] == "resident" and roles["flat@x.example"] == "unit_owner"
    assert "ole@y.example" not in roles

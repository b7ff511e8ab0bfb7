"""Residents with accounts at the demonstration sites, and a browser that speaks the app's JSON API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.webadmin.people_of_two_houses import HASH, PASSWORD
from webadmin.auth.entering import make_account
from webadmin.db import db, writing
from webadmin.models import Account, Membership, Person, Site

HOUSE, OFFICE = "fjordgata.example", "kontor.example"


def make_resident(email: str, person: str, domain: str = HOUSE, role: str = "resident") -> None:
    """Give a person of a site an account; an account that is there becomes this person too."""
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == domain)).one()
        where = (Person.site_id == site.id, Person.ref == person)
        row = session.scalars(select(Person).where(*where)).one()
        account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
        if account is None:
            account = make_account(session, row.name, email, datetime.now(UTC))
            account.password_hash = HASH
        session.add(
            Membership(
                account_id=account.id,
                role=role,
                organisation_id=site.organisation_id,
                person_id=row.id,
                unit_id=row.unit_id if role == "unit_owner" else None,
            )
        )


class Phone:
    """A browser with the app in it."""

    def __init__(self, app: Flask, email: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self.csrf = ""
        if email:
            answer = self.send("POST", "login", {"email": email, "password": PASSWORD})
            assert answer.json == {"next": "in"}, answer.text
            self.csrf = self.me()["csrf"]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """One request; the token of the session comes along."""
        headers = {"X-CSRF-Token": self.csrf, "Accept-Language": "en", **headers}
        db.session.remove()
        return self.client.open(f"/api/v1/{path}", method=method, json=body, headers=headers)

    def get(self, path: str) -> Any:
        """What a question is answered with."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def me(self) -> Any:
        """Who one is."""
        return self.get("me")

"""The button of somebody new: at the first log-in, by whatever way, or at once where the site says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.conftest import post
from tests.webadmin.pages import inside, send
from tests.webadmin.people_of_two_houses import PASSWORD
from tests.webadmin.residents import Phone, make_resident
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.models import Device, Person, PlanRevision, Site

HOUSE = "fjordgata.example"


def site() -> Site:
    db.session.remove()
    return db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()


def shown() -> bool:
    """Whether the panel at the entrance shows Mia."""
    plan = newest_plan(site())
    assert plan is not None
    return any(entry.label == "Mia" for entry in plan.listing("entrance", datetime.now(UTC)))


def moved_in(client: FlaskClient, device: str = "app") -> int:
    form = {"name": "Mia", "unit": "h0102", "device": device, "button": "y"}
    assert post(client, "/people/new", **form).status_code == 303
    return db.session.scalars(select(Person.id).where(Person.ref == "mia")).one()


def revisions() -> int:
    return len(db.session.scalars(select(PlanRevision.id).where(PlanRevision.site == HOUSE)).all())


@pytest.mark.parametrize("face", ["page", "app"])
def test_an_invitation_and_the_first_log_in(published: Flask, face: str) -> None:
    client = inside(published)
    key = moved_in(client)
    assert not shown() and "shows when Mia first logs in" in client.get(f"/people/{key}?lang=en").text
    assert "vises når Mia logger inn" in client.get(f"/people/{key}?lang=nb").text
    page = post(client, f"/people/{key}/app", email="mia@x.example").text
    link = re.search(r"(/choose-password/[\w-]+)", page)
    assert link is not None and not shown()
    before = revisions()
    mia = published.test_client()
    assert mia.post(link[1], data={"password": PASSWORD}).status_code == 303
    assert shown() and revisions() == before + 1
    assert "first logs in" not in client.get(f"/people/{key}?lang=en").text
    if face == "page":
        mia.post("/sign-in", data={"email": "mia@x.example", "password": PASSWORD})
    else:
        Phone(published, "mia@x.example")
    assert revisions() == before + 1 and shown()
    assert "first log-in" in client.get("/history?lang=en").text


def test_a_log_in_by_hand_counts_too(published: Flask) -> None:
    client = inside(published)
    key = moved_in(client)
    device = db.session.scalars(select(Device.id).where(Device.person_id == key)).one()
    assert post(client, f"/devices/{device}/code").status_code == 200 and not shown()
    assert post(client, f"/devices/{device}/log-in").status_code == 200 and shown()


def test_whoever_is_in_already_shows_when_invited(published: Flask) -> None:
    client = inside(published)
    key = moved_in(client)
    make_resident("kari@x.example", "kari")
    Phone(published, "kari@x.example")
    assert not shown()
    assert post(client, f"/people/{key}/app", email="kari@x.example").status_code == 303
    assert shown()


def test_telephones_and_an_open_policy_show_at_once(published: Flask) -> None:
    client = inside(published)
    key = moved_in(client, "phone")
    assert shown() and "first logs in" not in client.get(f"/people/{key}?lang=en").text
    post(client, f"/people/{key}/move-out")
    moved_in(client)
    assert not shown()
    assert send(client, "/site", {"buttons_wait": None}).status_code == 303
    assert shown()
    assert send(client, "/site", {"buttons_wait": "y"}).status_code == 303
    assert not shown()

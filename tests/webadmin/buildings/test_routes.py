"""A site and its buildings in the browser."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, row, send
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import Building, PlanRevision, Site


def test_a_building_comes_changes_and_goes(published: Flask) -> None:
    client = inside(published)
    made = {"name": "Bakgården", "address": "Fjordgata 12 B"}
    assert send(client, "/buildings/new", made).headers["Location"] == "/buildings"
    assert row("buildings", "bakgarden") is not None and "Fjordgata 12 B" in client.get("/buildings").text
    key = db.session.query(Building).filter_by(ref="bakgarden").one().id
    path = f"/buildings/{key}"
    mine = fields(client.get(path).text)
    assert send(client, path, {"address": "Bakveien 1"}).status_code == 303
    assert "Bakveien 1" in client.get("/buildings").text
    assert send(client, path, {"name": "Gården"}).status_code == 303
    late = client.post(f"{path}?lang=en", data={**mine, "address": "Min vei"})
    assert late.status_code == 422 and "Somebody else changed this" in late.text and "Min vei" in late.text
    assert post(client, f"{path}/remove").headers["Location"] == "/buildings"
    assert client.get(path).status_code == 404


def test_a_building_with_doors_stays_and_says_so(published: Flask) -> None:
    client = inside(published)
    assert post(client, "/buildings/1/remove").headers["Location"] == "/buildings/1"
    assert 'role="status"' in client.get("/buildings/1").text
    assert send(client, "/buildings/1", {"name": "x" * 121}, "nb").status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time_zone": "Europe/Nowhere"}, "Tidssonen Europe/Nowhere er ukjent"),
        ({"language": "xx"}, "Velg fra lista"),
        ({"name": ""}, "Fyll ut"),
    ],
)
def test_what_a_site_cannot_be(published: Flask, changes: dict[str, object], words: str) -> None:
    client = inside(published)
    answer = send(client, "/site", changes, "nb")
    assert answer.status_code == 422 and words in answer.text
    db.session.rollback()
    assert db.session.query(Site).filter_by(time_zone="Europe/Oslo").count() == 2


def test_a_site_s_zone_is_a_revision(published: Flask) -> None:
    client = inside(published)
    mine = fields(client.get("/site").text)
    assert send(client, "/site", {"time_zone": "Europe/Berlin", "language": "en"}).status_code == 303
    assert db.session.query(PlanRevision).filter_by(site="fjordgata.example").count() == 2
    late = client.post("/site?lang=en", data=mine)
    assert late.status_code == 422 and "Somebody else changed this" in late.text


def test_an_admin_of_one_building_changes_no_site(published: Flask) -> None:
    make_people()
    client = browser(published, "caretaker@x.example")
    for path in ("/site", "/buildings/new"):
        assert client.get(path).status_code == 403
    assert client.get("/buildings").status_code == 200

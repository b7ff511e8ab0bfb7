"""Units in the browser."""

from __future__ import annotations

import re

from flask import Flask

from tests.webadmin.conftest import log_in, post
from webadmin.db import db
from webadmin.models import Unit


def test_a_unit_comes_changes_and_goes(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    client.get("/?site=1")
    assert post(client, "/units/new", name="H0999", building="fjordgata-12").status_code == 303
    unit = db.session.query(Unit).filter_by(name="H0999").one()
    key = unit.id
    version = re.search(r'name="version"[^>]*value="(\w+)"', client.get(f"/units/{key}").text)
    assert version is not None
    data = {"name": "H1000", "building": "fjordgata-12", "version": version[1]}
    assert post(client, f"/units/{key}", **data).status_code == 303
    late = post(client, f"/units/{key}?lang=en", **data)
    assert late.status_code == 422 and "Somebody else changed this" in late.text
    assert post(client, f"/units/{key}/remove").headers["Location"] == "/units"


def test_a_unit_with_people_stays_and_says_so(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    assert post(client, "/units/1/remove").headers["Location"] == "/units/1"
    assert 'role="status"' in client.get("/units/1").text
    assert post(client, "/units/new", name="", building="x").status_code == 422

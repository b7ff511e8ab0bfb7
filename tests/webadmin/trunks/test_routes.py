"""Trunks in the browser: the system's owner alone makes them, and no page shows a password."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, send
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import Trunk
from webadmin.trunks.service import listed

GOOD = {"name": "First Carrier", "host": "sip.one.example", "username": "doorline", "password": "s3cret-word"}


class Pbx:
    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        return [{"Trunk": "first-carrier", "State": "Rejected", "Cause": "<b>403</b>", "Calls": "3"}]

    def reload(self) -> dict[str, int]:
        return {}


def trunks() -> list[Trunk]:
    db.session.rollback()
    return listed(db.session())


def test_a_trunk_comes_changes_moves_and_goes(published: Flask) -> None:
    client = inside(published)
    assert "No trunks yet" in client.get("/telephones?lang=en").text
    assert send(client, "/telephones/trunks/new", GOOD).headers["Location"] == "/telephones"
    assert send(client, "/telephones/trunks/new", GOOD).status_code == 303
    assert [row.ref for row in trunks()] == ["first-carrier", "first-carrier-2"]
    assert "The door server does not answer" in client.get("/telephones?lang=en").text
    first, second = trunks()
    kept, path = first.sealed_password, f"/telephones/trunks/{first.id}"
    page = client.get(f"{path}?lang=en").text
    assert "A password is set." in page and "s3cret-word" not in page and kept not in page
    late = fields(page)
    assert send(client, path, {"name": "Renamed", "password": ""}).status_code == 303
    assert trunks()[0].name == "Renamed" and trunks()[0].sealed_password == kept
    stale = client.post(f"{path}?lang=en", data=late)
    assert stale.status_code == 422 and "Somebody else changed this" in stale.text
    post(client, f"/telephones/trunks/{second.id}/earlier")
    assert [row.ref for row in trunks()] == ["first-carrier-2", "first-carrier"]
    published.extensions["doorline.pbx"] = Pbx()
    page = client.get("/telephones?lang=en").text
    assert "log-in refused" in page and "&lt;b&gt;403" in page and "<b>403" not in page
    assert post(client, f"{path}/remove").status_code == 303
    assert [row.ref for row in trunks()] == ["first-carrier-2"]
    audit = client.get("/audit?lang=en").text
    assert "removed a trunk" in audit and "made a trunk" in audit and "s3cret-word" not in audit


def test_a_password_is_taken_away_where_none_is_needed(published: Flask) -> None:
    client = inside(published)
    send(client, "/telephones/trunks/new", GOOD)
    path = f"/telephones/trunks/{trunks()[0].id}"
    page = send(client, path, {"forget": "y"})
    assert page.status_code == 422 and "needs a password" in page.text and trunks()[0].sealed_password
    known = {"kind": "peered", "addresses": "192.0.2.0/28", "forget": "y"}
    assert send(client, path, known).status_code == 303
    assert trunks()[0].sealed_password == "" and "No password is set." in client.get(f"{path}?lang=en").text
    assert 'name="forget"' not in client.get(path).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": "not a host"}, "Skriv navnet eller adressen"),
        ({"password": ""}, "trenger et passord"),
        ({"username": ""}, "trenger et brukernavn"),
        ({"srtp": "y"}, "SRTP krever TLS"),
        ({"kind": "peered"}, "Skriv adressene"),
        ({"kind": "x"}, "Velg fra lista"),
        ({"port": "many"}, "Skriv et helt tall"),
        ({"caller_id": "12"}, "som +4722334455"),
        ({"expires": "3"}, "Velg fra 60 til 3600"),
    ],
)
def test_errors_stand_at_their_field_and_nothing_is_saved(
    published: Flask, changes: dict[str, object], words: str
) -> None:
    answer = send(inside(published), "/telephones/trunks/new", {**GOOD, **changes}, "nb")
    assert answer.status_code == 422 and words in answer.text and "s3cret-word" not in answer.text
    assert trunks() == []


def test_trunks_are_the_system_owner_s(published: Flask) -> None:
    owner = inside(published)
    send(owner, "/telephones/trunks/new", GOOD)
    key = trunks()[0].id
    make_people()
    admin = browser(published, "house@x.example")
    page = admin.get("/telephones?lang=en")
    assert page.status_code == 200 and "sip.one.example" not in page.text and "New trunk" not in page.text
    for path in ("new", str(key)):
        assert admin.get(f"/telephones/trunks/{path}").status_code == 403
    for path in (f"{key}", f"{key}/remove", f"{key}/earlier"):
        assert post(admin, f"/telephones/trunks/{path}").status_code == 403
    assert len(trunks()) == 1
    assert browser(published, "caretaker@x.example").get("/telephones").status_code == 403

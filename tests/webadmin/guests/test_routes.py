"""Guests and craftsmen in the browser: a pass is made, shown once, and taken back."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import inside, send
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import GuestPass

PASS = {"label": "Rørlegger <b>", "doors": ["front"], "uses": "3"}


def test_a_pass_is_shown_once_and_revoked(published: Flask) -> None:
    client = inside(published)
    assert "No guests yet" in client.get("/guests?lang=en").text
    page = send(client, "/guests/new", PASS).text
    token = re.search(r"/g/([\w-]{22})", page)
    pin = re.search(r"<strong>(\d{6,8})</strong>", page)
    assert token is not None and pin is not None and "<b>" not in page
    listed = client.get("/guests?lang=en").text
    assert "lets in now" in listed and "0 / 3" in listed and pin[1] not in listed and token[1] not in listed
    ref = db.session.query(GuestPass).one().ref
    assert post(client, f"/guests/{ref}/revoke").headers["Location"] == "/guests"
    assert ">revoked<" in client.get("/guests?lang=en").text
    assert post(client, "/guests/none/revoke").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": ""}, "Fyll ut"),
        ({"doors": []}, "Velg minst én dør"),
        ({"doors": ["glass"]}, "Velg fra lista"),
        ({"end": "2020-01-01T00:00"}, "slutter før det begynner"),
        ({"end": "2031-01-01T00:00"}, "høyst ett år"),
        ({"window": "soon"}, "Velg dag og klokkeslett"),
        ({"uses": "101"}, "1 til 100 åpninger"),
        ({"uses": "x"}, "1 til 100 åpninger"),
    ],
)
def test_errors_in_norwegian(published: Flask, changes: dict[str, object], words: str) -> None:
    client = inside(published)
    answer = send(client, "/guests/new", {**PASS, **changes}, "nb")
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(GuestPass).count() == 0


def test_another_organisation_s_pass_is_not_there(published: Flask) -> None:
    send(inside(published), "/guests/new", PASS)
    ref = db.session.query(GuestPass).one().ref
    make_people()
    client = browser(published, "office@x.example")
    assert "Rørlegger" not in client.get("/guests").text
    assert post(client, f"/guests/{ref}/revoke").status_code == 404

"""Buttons in the browser, with what a tap does."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in, post
from webadmin.db import db
from webadmin.models import Button


@pytest.fixture
def inside(published: Flask) -> FlaskClient:
    """The owner."""
    client = published.test_client()
    log_in(client)
    return client


def test_every_button_is_drawn_now_and_then(inside: FlaskClient) -> None:
    for button in db.session.query(Button).all():
        for at in ("", "2026-12-24T03:00", "rubbish"):
            page = inside.get(f"/buttons/{button.id}?at={at}&panel=nowhere&lang=en")
            assert page.status_code == 200
            assert ("<rect" in page.text) == ("Rings from" in page.text)


def test_changing_the_kind_changes_how_the_group_rings(inside: FlaskClient) -> None:
    button = db.session.query(Button).filter_by(kind="common", site_id=1).first()
    assert button is not None
    path = f"/buttons/{button.id}/edit"
    page = inside.get(path).text
    version = re.search(r'name="version"[^>]*value="(\w+)"', page)
    group = re.search(r'<select[^>]*name="group".*?selected value="([^"]+)"', page, re.S)
    assert version is not None and group is not None
    data = {
        "version": version[1],
        "kind": "common_sequential",
        "group": group[1],
        "label": "Ny",
        "ring_seconds": "30",
        "ring_limit": "120",
        "decline": "others_ring",
        "person": "",
        "building": "",
        "fallback": "",
    }
    assert post(inside, path, **data, number="").status_code == 303
    assert "etter tur" in inside.get(f"/buttons/{button.id}?lang=nb").text
    late = post(inside, f"{path}?lang=en", **data)
    assert late.status_code == 422 and "Somebody else changed this" in late.text


def test_a_button_of_nobody_is_refused_and_one_can_go(inside: FlaskClient) -> None:
    data = {"kind": "individual", "ring_seconds": "30", "ring_limit": "90", "decline": "others_ring"}
    answer = post(inside, "/buttons/new", **data, person="", group="", building="", fallback="")
    assert answer.status_code == 422 and 'class="fault"' in answer.text
    assert post(inside, "/buttons/1/remove").headers["Location"] == "/buttons"

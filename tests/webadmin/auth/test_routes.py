"""In by a link, out by a button."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in
from webadmin.auth.links import make_link
from webadmin.db import writing


def code() -> str:
    with writing() as session:
        return make_link(session, datetime.now(UTC))


def test_looking_at_a_link_does_not_use_it_up(app: Flask, client: FlaskClient) -> None:
    link = code()
    for _ in range(3):
        page = client.get(f"/enter/{link}?lang=en")
        assert page.status_code == 200 and "works once" in page.text
        assert client.get("/").status_code == 401
    answer = client.post(f"/enter/{link}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/").status_code == 200


def test_a_used_or_unknown_link_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    link = code()
    log_in(client)
    client.post(f"/enter/{link}")
    for answer in (client.get(f"/enter/{link}?lang=en"), client.post(f"/enter/{link}?lang=en")):
        assert answer.status_code == 410
        assert "python -m webadmin link" in answer.text


def test_a_used_link_leaves_a_stranger_outside(app: Flask, client: FlaskClient) -> None:
    link = code()
    client.post(f"/enter/{link}")
    stranger = app.test_client()
    assert stranger.post(f"/enter/{link}").status_code == 410
    assert stranger.get("/").status_code == 401


def test_signing_out_ends_the_session(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert found is not None
    cookie = client.get_cookie("doorline")
    assert cookie is not None
    answer = client.post("/sign-out?lang=en", data={"csrf_token": found[1]})
    assert "You are signed out" in answer.text
    client.set_cookie("doorline", cookie.value)
    assert client.get("/").status_code == 401

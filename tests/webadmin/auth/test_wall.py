"""Nothing answers without a session except the short list, and no form is taken without its token."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in
from webadmin.auth.wall import OPEN_TO_ALL

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def test_every_route_is_behind_the_wall_but_these(published: Flask) -> None:
    client = published.test_client()
    walked = 0
    for rule in published.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL:
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", "x").replace(f"<int:{argument}>", "1")
        for method in METHODS:
            answer = client.open(path, method=method)
            assert answer.status_code in (400, 401), (method, path)
            assert "fjordgata" not in answer.text and "Kari" not in answer.text
            walked += 1
    assert walked >= 2 * len(METHODS)
    assert len(OPEN_TO_ALL) == 24


@pytest.mark.parametrize("path", ["/nowhere", "/admin", "/static/../app.py", "/.git/config"])
def test_what_does_not_exist_looks_like_what_is_hidden(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (401, 404)
    assert "import" not in client.get(path).text


def test_a_stranger_is_told_the_way_in(client: FlaskClient) -> None:
    answer = client.get("/?lang=en")
    assert answer.status_code == 401
    assert "python -m webadmin link" in answer.text


@pytest.mark.parametrize("data", [{}, {"csrf_token": ""}, {"csrf_token": "x"}])
def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient, data: dict[str, str]) -> None:
    log_in(client)
    assert client.post("/sign-out", data=data).status_code == 400
    assert client.get("/").status_code == 200

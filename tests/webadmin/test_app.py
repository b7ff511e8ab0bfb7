"""The application: health without a log-in, secure headers everywhere, calm answers to trouble."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in
from webadmin.app import HEADERS, create_app
from webadmin.db import db
from webadmin.settings import Settings, Web


@dataclass
class Bomb:
    """A link to the PBX that has a bug."""

    def running(self) -> None:
        raise ZeroDivisionError("secret detail")


def test_health_needs_no_log_in_and_says_nothing_personal(published: Flask) -> None:
    answer = published.test_client().get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok"})
    assert "Set-Cookie" not in answer.headers


def test_health_tells_when_the_database_is_away(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    db.engine.dispose()
    (tmp_path / "admin.db").write_bytes(b"this is no database, not even a small one" * 40)
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (503, {"status": "degraded", "database": "away"})


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/enter/x", "/static/tokens.css"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert HEADERS.items() <= dict(answer.headers).items()
        assert ("no-store" in answer.headers.get("Cache-Control", "")) == (path != "/static/tokens.css")


def test_no_script_but_our_own_file_is_allowed_or_sent(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    page = client.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy and "unsafe" not in policy
    assert page.text.count("<script") == 1 and "style=" not in page.text and "onclick" not in page.text


@pytest.mark.parametrize("path", ["/", "/health", "/enter/x", "/static/tokens.css"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::2]", ""])
def test_a_foreign_host_name_gets_nothing(client: FlaskClient, path: str, host: str) -> None:
    with client.get(path, headers={"Host": host}) as answer:
        assert answer.status_code == 400
        assert b"<html" not in answer.data


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "localhost:1"])
def test_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


def test_behind_https_cookies_and_headers_are_strict(settings: Settings) -> None:
    web = Web(public_url="https://admin.example/")
    app = create_app(settings.model_copy(update={"webadmin": web}))
    with app.app_context():
        client = app.test_client()
        with client.get("/health", headers={"Host": "admin.example"}) as answer:
            assert answer.headers["Strict-Transport-Security"]
        log_in(client)
        assert client.get_cookie("__Host-doorline") is not None
        db.session.remove()
        db.engine.dispose()


def test_an_unknown_page_and_a_wrong_method(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    assert client.get("/nowhere?lang=en").status_code == 404
    assert "There is no such page" in client.get("/nowhere?lang=en").text
    assert client.post("/").status_code in (400, 405)


def test_a_request_that_is_too_large(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    assert client.post("/sign-out", data={"x": "y" * 1_200_000}).status_code == 413


def test_our_own_bug_shows_nothing_of_itself(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    log_in(client)
    app.extensions["doorline.pbx"] = Bomb()
    answer = client.get("/?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret detail" not in answer.text and "Traceback" not in answer.text


def test_a_database_that_is_away_is_said_calmly(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    log_in(client)
    db.session.remove()
    db.engine.dispose()
    for path in tmp_path.glob("admin.db*"):
        path.unlink()
    answer = client.get("/?lang=en")
    assert answer.status_code == 503
    assert "The database is busy or away" in answer.text

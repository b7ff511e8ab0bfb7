"""Sessions are kept by the server: ended there, renewed at log-in, and none for strangers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tests.webadmin.conftest import log_in
from webadmin.auth.sessions import token_hash
from webadmin.db import db, writing
from webadmin.models import WebSession


def token(client: FlaskClient) -> str:
    cookie = client.get_cookie("doorline")
    assert cookie is not None
    return cookie.value


def rows() -> list[WebSession]:
    db.session.expire_all()
    return list(db.session.scalars(select(WebSession)))


def test_the_cookie_is_strict_and_the_table_does_not_hold_it(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    cookie = client.get_cookie("doorline")
    assert cookie is not None
    assert cookie.http_only and cookie.same_site == "Strict"
    assert [row.token_hash for row in rows()] == [token_hash(cookie.value)]


def test_strangers_cost_no_row_and_get_no_cookie(app: Flask, client: FlaskClient) -> None:
    for path in ("/", "/health", "/enter/x", "/nowhere"):
        assert "Set-Cookie" not in client.get(path).headers
    assert rows() == []


def test_a_token_that_was_planted_is_not_taken_over(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("doorline", "p" * 43)
    log_in(client)
    assert token(client) != "p" * 43


def test_each_log_in_has_a_token_of_its_own(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    first = token(client)
    log_in(client)
    assert token(client) != first


def test_a_session_ended_by_the_server_is_over_at_once(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    assert client.get("/").status_code == 200
    with writing() as session:
        session.delete(session.scalars(select(WebSession)).one())
    assert client.get("/").status_code == 401


def test_a_session_ages_and_old_ones_go_at_the_next_log_in(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    with writing() as session:
        session.execute(update(WebSession).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert client.get("/").status_code == 401
    log_in(app.test_client())
    assert len(rows()) == 1


@pytest.mark.parametrize("value", ["", "x", "a" * 43, "a" * 100_000, "\u00e9" * 43, "a.b.c"])
def test_made_up_cookies_open_nothing(app: Flask, value: str) -> None:
    answer = app.test_client().get("/", headers={"Cookie": f"doorline={value}".encode().decode("latin-1")})
    assert answer.status_code == 401


def test_looking_at_pages_writes_nothing_after_the_first(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    client.get("/")
    before = rows()[0].content
    client.get("/")
    assert rows()[0].content == before


def test_a_page_is_answered_though_its_session_cannot_be_written(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else keeps the write lock: the note is lost, not what was done, nor the session."""
    log_in(client)

    def locked() -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr("webadmin.auth.sessions.writing", locked)
        with client.session_transaction() as session:
            session["site"] = "1"
        assert client.get("/me").status_code == 200
    assert client.get("/me").status_code == 200
    assert "site" not in rows()[0].content

"""In by a link, out by a button."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import OWNER, log_in, make_owner, token_of
from webadmin.auth.links import make_link
from webadmin.db import writing


def code() -> str:
    with writing() as session:
        return make_link(session, datetime.now(UTC))


def test_looking_at_a_link_does_not_use_it_up(app: Flask, client: FlaskClient) -> None:
    make_owner()
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
    cookie = client.get_cookie("doorline")
    assert cookie is not None
    answer = client.post("/sign-out?lang=en", data={"csrf_token": token_of(client.get("/").text)})
    assert "You are signed out" in answer.text
    client.set_cookie("doorline", cookie.value)
    assert client.get("/").status_code == 401


PASSWORD = "en lang setning om dører"
FIRST = {"name": "Eier", "email": OWNER, "password": PASSWORD}


def begin(client: FlaskClient) -> list[str]:
    """Make the first account as a browser does; returns its recovery codes."""
    assert client.post(f"/enter/{code()}").headers["Location"] == "/first-account"
    form = client.get("/first-account").text
    client.post("/first-account", data={"csrf_token": token_of(form.partition("<main")[2]), **FIRST})
    return enrol(client)


def enrol(client: FlaskClient) -> list[str]:
    assert client.get("/").headers["Location"] == "/second-factor/set-up"
    page = client.get("/second-factor/set-up").text
    secret = re.search(r'class="key">([A-Z2-7]+)<', page)
    assert secret is not None
    data = {"csrf_token": token_of(page), "code": pyotp.TOTP(secret[1]).now()}
    return re.findall(r"<li><code>([^<]+)</code>", client.post("/second-factor/set-up", data=data).text)


def sign_in(client: FlaskClient, password: str = PASSWORD) -> int:
    return client.post("/sign-in", data={"email": OWNER.upper(), "password": password}).status_code


def letters(settings_var: Path) -> list[EmailMessage]:
    return [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((settings_var / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    ]


def test_the_first_account_owns_the_system_and_gets_a_second_factor(app: Flask, client: FlaskClient) -> None:
    codes = begin(client)
    assert len(set(codes)) == 10
    assert client.get("/accounts").status_code == 200
    assert app.test_client().post(f"/enter/{code()}").headers["Location"] == "/"


def test_a_weak_password_is_refused_at_its_field(app: Flask, client: FlaskClient) -> None:
    client.post(f"/enter/{code()}")
    token = token_of(client.get("/first-account").text)
    for weak in ("short", "a" * 30, OWNER, "passord123456"):
        data = {**FIRST, "csrf_token": token, "password": weak}
        answer = client.post("/first-account?lang=en", data=data)
        assert answer.status_code == 422 and "password-error" in answer.text


def test_the_password_alone_opens_nothing(app: Flask, client: FlaskClient) -> None:
    codes = begin(client)
    other = app.test_client()
    assert sign_in(other) == 303
    assert other.get("/accounts").headers["Location"] == "/second-factor"
    token = token_of(other.get("/second-factor").text)
    assert other.post("/second-factor", data={"csrf_token": token, "code": "000000"}).status_code == 401
    assert other.post("/second-factor", data={"csrf_token": token, "code": codes[0]}).status_code == 303
    assert other.get("/accounts").status_code == 200
    again = app.test_client()
    sign_in(again)
    token = token_of(again.get("/second-factor").text)
    assert again.post("/second-factor", data={"csrf_token": token, "code": codes[0]}).status_code == 401


def test_guessing_is_slowed_and_unknown_addresses_answer_alike(app: Flask, client: FlaskClient) -> None:
    make_owner()
    one = client.post("/sign-in?lang=en", data={"email": OWNER, "password": "x"}).text
    other = client.post("/sign-in?lang=en", data={"email": "nobody@x.example", "password": "x"}).text
    assert "not right" in one and one.replace(OWNER, "") == other.replace("nobody@x.example", "")
    for _ in range(8):
        assert sign_in(client, "wrong") == 401
    assert sign_in(client) == 401


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_page_cannot_log_anybody_in(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    make_owner()
    data = {"email": OWNER, "password": PASSWORD}
    assert client.post("/sign-in", data=data, headers=headers).status_code == 400


def test_a_forgotten_password(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    log_in(client)
    stranger = app.test_client()
    unknown = stranger.post("/forgotten-password?lang=en", data={"email": "no@x.example"})
    known = stranger.post("/forgotten-password?lang=en", data={"email": OWNER})
    assert unknown.text == known.text
    (letter,) = letters(tmp_path)
    assert letter["To"] == OWNER
    path = re.search(r"(/choose-password/\S+)", letter.get_content())
    assert path is not None
    assert stranger.get(path[1]).status_code == 200
    new = {"password": "enda en setning om dører"}
    assert stranger.post(path[1], data={"password": "kort"}).status_code == 422
    assert stranger.post(path[1], data=new).status_code == 303
    assert stranger.post(path[1], data=new).status_code == 410
    assert client.get("/").status_code == 401, "other log-ins end"
    assert sign_in(app.test_client()) == 401
    assert sign_in(app.test_client(), new["password"]) == 303


def test_a_log_in_gets_a_new_token(app: Flask, client: FlaskClient) -> None:
    make_owner()
    sign_in(client)
    half = client.get_cookie("doorline")
    enrol(client)
    whole = client.get_cookie("doorline")
    assert half is not None and whole is not None and half.value != whole.value
    thief = app.test_client()
    thief.set_cookie("doorline", half.value)
    assert thief.get("/").status_code == 401

"""In and out by JSON: limits, second factor, tokens, and where the account comes from."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
from flask import Flask
from sqlalchemy import select

from tests.webadmin.people_of_two_houses import PASSWORD
from tests.webadmin.residents import Phone, make_resident
from webadmin.auth import second_factor
from webadmin.db import writing
from webadmin.models import Account

KARI = "kari@x.example"


def test_password_then_code_then_in(published: Flask) -> None:
    make_resident(KARI, "kari")
    secret = second_factor.new_secret()
    with writing() as session:
        account = session.scalars(select(Account).where(Account.email == KARI)).one()
        sealer = published.extensions["doorline.sealer"]
        second_factor.enrol(session, sealer, account, secret, 0)
    phone = Phone(published)
    assert phone.send("POST", "login", {"email": KARI, "password": PASSWORD}).json == {"next": "totp"}
    assert phone.send("GET", "me").status_code == 401
    assert phone.send("POST", "login/totp", {"code": "000000"}).status_code == 401
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    assert phone.send("POST", "login/totp", {"code": code}).json == {"next": "in"}
    assert phone.me()["person"]["email"] == KARI
    assert phone.send("POST", "logout").status_code == 204
    assert phone.send("GET", "me").status_code == 401


def test_ten_wrong_tries_are_enough(published: Flask) -> None:
    make_resident(KARI, "kari")
    phone = Phone(published)
    answers = [phone.send("POST", "login", {"email": KARI, "password": "x"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "900"
    unknown = phone.send("POST", "login", {"email": "no@x.example", "password": "x"})
    assert unknown.status_code == 429  # by source, whoever is tried


def test_a_second_factor_is_set_up_where_the_role_must_have_one(published: Flask) -> None:
    make_resident(KARI, "kari")
    forced = published.config["DOORLINE"].webadmin
    published.config["DOORLINE"].webadmin = forced.model_copy(update={"second_factor": ("resident",)})
    phone = Phone(published)
    assert phone.send("POST", "login", {"email": KARI, "password": PASSWORD}).json == {"next": "enrol"}
    secret = phone.get("login/enrol")["secret"]
    assert phone.send("POST", "login/enrol", {"code": "000000"}).status_code == 401
    done = phone.send("POST", "login/enrol", {"code": pyotp.TOTP(secret).at(datetime.now(UTC))}).json
    assert done is not None and done["next"] == "in" and len(done["recovery_codes"]) == 10
    assert phone.me()["sites"]


def test_writes_need_the_token_and_foreign_pages_are_refused(published: Flask) -> None:
    make_resident(KARI, "kari")
    phone = Phone(published, KARI)
    phone.csrf = ""
    body = {"site": "fjordgata.example", "name": "x", "kind": "app"}
    refused = phone.send("POST", "devices", body)
    assert refused.status_code == 400 and refused.json is not None and refused.json["error"] == "bad_request"
    evil = phone.send("POST", "login", {"email": KARI, "password": PASSWORD}, Origin="https://evil.example")
    assert evil.status_code == 400


def test_who_wants_a_second_factor_gets_one_and_keeps_it(published: Flask) -> None:
    make_resident(KARI, "kari")
    phone = Phone(published, KARI)
    secret = phone.get("login/enrol")["secret"]
    done = phone.send("POST", "login/enrol", {"code": pyotp.TOTP(secret).at(datetime.now(UTC))})
    assert done.status_code == 200
    assert phone.send("GET", "login/enrol").status_code == 409
    assert phone.send("POST", "login/enrol", {"code": "000000"}).status_code == 409
    again = Phone(published)
    assert again.send("POST", "login", {"email": KARI, "password": PASSWORD}).json == {"next": "totp"}

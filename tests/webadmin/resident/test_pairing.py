"""A browser becomes a panel by a code."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from pbx.doors.order import load_or_make
from tests.webadmin.conftest import log_in, post
from tests.webadmin.residents import HOUSE, Phone
from webadmin.db import db
from webadmin.models import Credential, Device
from webadmin.resident.bearer import token_of


def key_of(ref: str) -> int:
    return db.session.scalars(select(Device.id).where(Device.ref == ref)).one()


def code_on(page: str) -> str:
    found = re.search(r'class="key">([0-9A-Z]{4}-[0-9A-Z]{4})<', page)
    assert found is not None, page
    return found[1]


def test_an_admin_makes_a_code_and_a_browser_uses_it(published: Flask) -> None:
    load_or_make(published.config["DOORLINE"].paths.var / "keys")
    client = published.test_client()
    log_in(client)
    page = post(client, f"/pairing/{key_of('entrance')}")
    assert "<svg" in page.text and "/kiosk/" in page.text
    phone = Phone(published)
    answer = phone.send("POST", "pair", {"code": code_on(page.text), "kind": "panel"})
    assert answer.status_code == 200, answer.text
    paired = answer.json
    assert paired is not None and (paired["site"], paired["device"]) == (HOUSE, "entrance")
    assert paired["pbx_key"].startswith("-----BEGIN PUBLIC KEY") and paired["wss"].endswith("/ws")
    db.session.remove()
    row = db.session.scalars(select(Credential).where(Credential.device == "entrance")).one()
    assert paired["token"] == token_of(row)
    again = phone.send("POST", "pair", {"code": code_on(page.text), "kind": "panel"})
    assert again.status_code == 404 and again.json is not None and again.json["field"] == "code"
    assert client.get(f"/pairing/{key_of('entrance')}").status_code == 200


def test_an_agent_gets_both_keys_or_keeps_its_code(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    code = code_on(post(client, f"/pairing/{key_of('entrance')}").text)
    phone = Phone(published)
    early = phone.send("POST", "pair", {"code": code, "kind": "agent"})
    assert early.status_code == 503 and early.json is not None and early.json["error"] == "not_ready"
    load_or_make(published.config["DOORLINE"].paths.var / "keys")
    paired = phone.send("POST", "pair", {"code": code, "kind": "agent"}).json
    assert paired is not None
    assert all(paired[name].startswith("-----BEGIN PUBLIC KEY") for name in ("pbx_key", "admin_key"))


def test_guessing_is_stopped(published: Flask) -> None:
    phone = Phone(published)
    answers = [phone.send("POST", "pair", {"code": "AAAAAAAA", "kind": "panel"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert phone.send("POST", "pair", {"code": 5, "kind": "panel"}).status_code == 422

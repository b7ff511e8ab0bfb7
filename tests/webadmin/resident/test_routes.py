"""The wall of the API: nobody without a log-in, and with one nothing of anybody else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webadmin.people_of_two_houses import browser, make_people
from tests.webadmin.residents import HOUSE, OFFICE, Phone, make_resident
from webadmin.db import db
from webadmin.models import Device, Person

OPEN = {"api.login", "api.logout", "api.pair"}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                found.append((rule.endpoint, method, rule.rule.removeprefix("/api/v1/")))
    return found


def test_nothing_without_a_log_in(published: Flask) -> None:
    phone, walked = Phone(published), 0
    for endpoint, method, path in routes(published):
        if endpoint not in OPEN:
            path = path.replace("<int:key>", "1").replace("<key>", f"{HOUSE}:x")
            answer = phone.send(method, path, {} if method in ("POST", "PUT") else None)
            # without a session no token either: the wall or the token's guard, but never an answer
            assert answer.status_code in (400, 401), (method, path)
            assert answer.json is not None and set(answer.json) == {"error", "message", "field"}
            walked += 1
    assert walked >= 18


MINE = {"kari@x.example": ("kari", HOUSE), "nora@x.example": ("nora", OFFICE)}


@pytest.mark.parametrize("email", MINE)
def test_everybody_else_s_ids_are_not_there(published: Flask, email: str) -> None:
    for each, (person, domain) in MINE.items():
        make_resident(each, person, domain)
    phone = Phone(published, email)
    person, domain = MINE[email]
    own = {each["id"] for each in phone.get("devices")["devices"]}
    foreign = set(db.session.scalars(select(Device.id))) - own
    assert len(foreign) > 10
    for key in foreign:
        assert phone.send("DELETE", f"devices/{key}").status_code == 404
        keys = {"p256dh": "A", "auth": "A"}
        pushed = phone.send("POST", "push", {"device": key, "endpoint": "https://x", "keys": keys})
        assert pushed.status_code == 404
        assert phone.send("POST", "test-ring", {"device": key}).status_code == 404
        assert phone.send("GET", f"receipts?device={key}").status_code == 404
    for key in db.session.scalars(select(Person.id)):
        assert phone.send("DELETE", f"household/{key}").status_code in (403, 404)
    other = OFFICE if domain == HOUSE else HOUSE
    for path in (f"buttons/{other}:kari-button", f"guests/{other}:x"):
        assert phone.send("PUT" if "buttons" in path else "DELETE", path, {}).status_code == 404
    assert phone.send("POST", "devices", {"site": other, "name": "x", "kind": "app"}).status_code == 404
    text = phone.send("GET", "me").text + phone.send("GET", "me/export").text
    assert other not in text


def test_an_admin_is_nobody_here_but_who_he_is_at_home(published: Flask) -> None:
    make_people()
    client = browser(published, "owner@x.example")
    answer = client.get("/api/v1/me")
    assert answer.status_code == 200 and answer.json is not None and answer.json["sites"] == []
    assert client.get("/api/v1/devices").json == {"devices": []}

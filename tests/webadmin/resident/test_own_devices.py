"""A browser gets a log-in of its own, sees its devices and takes one away."""

from __future__ import annotations

import hashlib

from flask import Flask
from sqlalchemy import select

from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.models import Credential, Site


def credential(device: str) -> Credential:
    db.session.remove()
    where = (Credential.site == HOUSE, Credential.device == device)
    return db.session.scalars(select(Credential).where(*where)).one()


def test_a_browser_becomes_a_device_and_is_revoked(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    made = phone.send("POST", "devices", {"site": HOUSE, "name": "Karis Pixel", "kind": "app"})
    assert made.status_code == 201, made.text
    log_in = made.json
    assert log_in is not None
    account = f"{log_in['username']}:{HOUSE}:{log_in['secret']}".encode()
    row = credential(log_in["device"])
    assert row.ha1 == hashlib.md5(account, usedforsecurity=False).hexdigest()
    site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
    plan = newest_plan(site)
    assert plan is not None and (person := plan.person_of(log_in["device"])) is not None
    assert person.id == "kari"
    seq = row.seq
    assert log_in["device"] in {each["device"] for each in phone.get("devices")["devices"]}
    assert phone.send("DELETE", f"devices/{log_in['id']}").status_code == 204
    row = credential(log_in["device"])
    assert row.state == "revoked" and row.seq > seq
    assert log_in["device"] not in {each["device"] for each in phone.get("devices")["devices"]}


def test_a_station_belongs_to_the_flat(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    made = phone.send("POST", "devices", {"site": HOUSE, "name": "Gang", "kind": "station"}).json
    site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
    plan = newest_plan(site)
    assert made is not None and plan is not None
    device = plan.device(made["device"])
    assert device is not None and device.kind == "station" and device.unit and not device.person
    assert made["device"] in {each["device"] for each in phone.get("devices")["devices"]}


def test_what_is_wrong_is_said_at_its_field(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    good = {"site": HOUSE, "name": "x", "kind": "app"}
    for change, field in (
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"kind": "panel"}, "kind"),
        ({"site": 4}, "site"),
        ({"more": 1}, "more"),
    ):
        answer = phone.send("POST", "devices", good | change)
        assert answer.status_code == 422 and answer.json is not None and answer.json["field"] == field
    assert phone.send("POST", "devices", good | {"site": "kontor.example"}).status_code == 404
    assert phone.send("POST", "devices", [1]).status_code == 422

"""What is kept can be had as a file, and ends when one wants it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.webadmin.people_of_two_houses import PASSWORD
from tests.webadmin.resident.test_own_devices import credential
from tests.webadmin.residents import HOUSE, OFFICE, Phone, make_resident
from webadmin.db import db, writing
from webadmin.models import Account, Device, Membership, Person, PlanRevision, SiteChange


def test_export_holds_mine_and_no_secret(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    made = phone.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": "app"}).json
    assert made is not None
    answer = phone.send("GET", "me/export")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.json is not None and answer.json["sites"][0]["person"]["id"] == "kari"
    assert made["device"] in {each["id"] for each in answer.json["sites"][0]["devices"]}
    for secret in (made["secret"], credential(made["device"]).ha1, "argon2", "Per"):
        assert secret not in answer.text


def test_erase_wants_the_password_and_ends_everything(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    make_resident("kari@x.example", "kari", OFFICE)
    phone, other = Phone(published, "kari@x.example"), Phone(published, "kari@x.example")
    made = phone.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": "app"}).json
    assert made is not None
    assert phone.send("POST", "me/erase", {"password": "no"}).status_code == 403
    assert phone.send("POST", "me/erase", {"password": PASSWORD}).status_code == 204
    assert phone.send("GET", "me").status_code == other.send("GET", "me").status_code == 401
    db.session.remove()
    assert db.session.scalars(select(Account)).all() == []
    assert credential(made["device"]).state == "revoked"
    assert db.session.scalars(select(Device).where(Device.ref == made["device"])).first() is None
    assert len(db.session.scalars(select(Person).where(Person.ref == "kari")).all()) == 2  # still live there


def test_the_only_owner_of_the_system_stays(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    account = select(Account.id).where(Account.email == "kari@x.example")
    phone = Phone(published, "kari@x.example")
    with writing() as session:
        session.add(Membership(account_id=session.scalars(account).one(), role="system_owner"))
    made = phone.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": "app"}).json
    assert made is not None
    answer = phone.send("POST", "me/erase", {"password": PASSWORD, "move_out": True})
    assert (answer.status_code, (answer.json or {})["error"]) == (409, "last_owner")
    db.session.remove()
    assert db.session.scalars(account).one()
    assert credential(made["device"]).state == "active"
    assert phone.me()["sites"], "still in"


def test_an_erased_address_leaves_the_history(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")
    phone.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": "app"})
    assert phone.send("POST", "me/erase", {"password": PASSWORD}).status_code == 204
    db.session.remove()
    kept = [*db.session.scalars(select(PlanRevision.author)), *db.session.scalars(select(SiteChange.who))]
    assert kept and "kari@x.example" not in kept


def test_moving_out_takes_name_and_button_too(published: Flask) -> None:
    make_resident("ola@x.example", "ola")
    phone = Phone(published, "ola@x.example")
    assert phone.send("POST", "me/erase", {"password": PASSWORD, "move_out": True}).status_code == 204
    db.session.remove()
    gone = select(Person).where(Person.ref == "ola", Person.site_id == 1)
    assert db.session.scalars(gone).first() is None

"""The flat's owner invites and removes; others only see who lives there."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.db import db
from webadmin.models import Account, Membership, Person


def test_the_owner_invites_and_removes(published: Flask) -> None:
    make_resident("kari@x.example", "kari", role="unit_owner")
    kari = Phone(published, "kari@x.example")
    invited = {"site": HOUSE, "name": "Tor Berg", "email": "tor@x.example"}
    made = kari.send("POST", "household", invited)
    assert made.status_code == 201 and made.json is not None, made.text
    members = {each["name"]: each for each in kari.get("household")["household"]}
    assert members["Tor Berg"]["email"] == "tor@x.example" and members["Tor Berg"]["removable"]
    letters = list(published.config["DOORLINE"].paths.var.glob("outbox/*.eml"))
    assert len(letters) == 1 and "tor@x.example" in letters[0].read_text()
    assert kari.send("DELETE", f"household/{made.json['id']}").status_code == 204
    db.session.remove()
    assert db.session.scalars(select(Account).where(Account.email == "tor@x.example")).first() is None
    assert "Tor Berg" not in {each["name"] for each in kari.get("household")["household"]}


def test_nobody_else_may(published: Flask) -> None:
    make_resident("ola@x.example", "ola")
    make_resident("kari@x.example", "kari", role="unit_owner")
    ola, kari = Phone(published, "ola@x.example"), Phone(published, "kari@x.example")
    seen = ola.get("household")
    assert seen["may_invite"] == [] and not any(each["removable"] for each in seen["household"])
    assert {each["email"] for each in seen["household"]} == {None, "ola@x.example"}
    invited = {"site": HOUSE, "name": "Tor", "email": "tor@x.example"}
    assert ola.send("POST", "household", invited).status_code == 403
    mine = next(each["id"] for each in seen["household"] if each["me"])
    assert kari.send("DELETE", f"household/{mine}").status_code == 204  # her household, she looks after it
    assert ola.send("GET", "me").status_code == 401  # out at once
    with db.engine.connect() as connection:
        neighbour = connection.scalar(select(Person.id).where(Person.ref == "per"))
        assert connection.scalar(select(Membership.id).where(Membership.person_id == mine)) is None
    assert kari.send("DELETE", f"household/{neighbour}").status_code == 404
    assert kari.send("POST", "household", invited | {"email": "x"}).status_code == 422

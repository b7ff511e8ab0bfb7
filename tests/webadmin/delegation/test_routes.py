"""An admin sets the bounds; unit owners live within them."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, send
from tests.webadmin.people_of_two_houses import browser, make_people
from tests.webadmin.resident.test_own_devices import credential
from tests.webadmin.residents import Phone, make_resident
from webadmin.db import db
from webadmin.models import Person, Unit

HOUSE = "fjordgata.example"


def the_unit() -> Unit:
    query = select(Unit).join(Person, Person.unit_id == Unit.id).where(Person.ref == "kari")
    return db.session.scalars(query).first() or Unit()


def test_a_household_is_looked_after_by_its_owner(published: Flask) -> None:
    make_people()
    unit = the_unit()
    key, ref, building = unit.id, unit.ref, unit.building_id
    owner, admin = browser(published, "flat@x.example"), browser(published, "caretaker@x.example")
    assert owner.get("/").status_code == 303
    page = owner.get("/people?lang=en").text
    assert "Kari" in page and "Astrid" not in page and "Bring a list" not in page
    form = {"name": "Mia <b>Berg", "unit": ref, "device": "app", "button": "y"}
    assert post(owner, "/people/new", **form).status_code == 303
    assert post(owner, "/people/new", **{**form, "unit": ""}).status_code == 422
    mia = db.session.scalars(select(Person).where(Person.name == form["name"])).one()
    assert mia.unit_id == key
    count = len(db.session.scalars(select(Person).where(Person.unit_id == key)).all())
    path, nothing = f"/unit-owners/{building}", {"buttons": None, "guests": None}
    bounds = {"most_members": count, "most_guests": 0, "guest_days": 3, **nothing}
    assert post(owner, path, **{key: each for key, each in bounds.items() if each}).status_code == 403
    assert send(admin, path, {**bounds, "most_members": 0}).status_code == 422
    assert send(admin, path, bounds).status_code == 303
    assert f"up to {count} in a unit" in admin.get("/unit-owners?lang=en").text
    full = post(owner, "/people/new", **{**form, "name": "Nr 2"})
    assert full.status_code == 422 and "as many people" in full.text
    assert post(owner, f"/people/{mia.id}/move-out").status_code == 303
    assert send(admin, path, {**bounds, "members": None}).status_code == 303
    assert post(owner, "/people/new", **form).status_code == 422
    kari = db.session.scalars(select(Person.id).where(Person.unit_id == key)).first()
    assert post(owner, f"/people/{kari}/move-out").status_code == 403


def test_a_resident_sees_oneself_and_is_let_in_and_out(published: Flask) -> None:
    make_people()
    key = db.session.scalars(select(Person.id).where(Person.ref == "nora")).first()
    admin = browser(published, "caretaker@x.example")
    page = post(admin, f"/people/{key}/app?lang=en", email="nora@y.example")
    link = re.search(r"(/choose-password/[\w-]+)", page.text)
    assert link is not None
    nora = published.test_client()
    assert nora.post(link[1], data={"password": "en ny setning om dører"}).status_code == 303
    assert nora.get("/").status_code == 303
    assert nora.get(f"/people/{key}").status_code == 200
    assert nora.get("/people").status_code == 403
    assert post(nora, f"/people/{key}/app", email="x@y.example").status_code == 403
    found = re.search(rf"/people/{key}/app/(\d+)/end", admin.get(f"/people/{key}").text)
    assert found is not None
    assert post(admin, found[0]).status_code == 303
    assert nora.get("/me").status_code == 401
    assert post(admin, found[0]).status_code == 404


def test_who_is_let_out_keeps_no_app_that_rings_and_opens(published: Flask) -> None:
    make_people()
    make_resident("nora@y.example", "nora")
    make_resident("other@y.example", "nora")
    key = db.session.scalars(select(Person.id).where(Person.ref == "nora", Person.site_id == 1)).one()
    nora, made = Phone(published, "nora@y.example"), list[str]()
    for kind in ("app", "station"):
        answer = nora.send("POST", "devices", {"site": HOUSE, "name": "Pixel", "kind": kind})
        assert answer.json is not None
        made.append(answer.json["device"])
    admin = browser(published, "caretaker@x.example")

    def let_out(number: int) -> list[str]:
        ends = re.findall(rf"/people/{key}/app/\d+/end", admin.get(f"/people/{key}").text)
        assert len(ends) == number and post(admin, ends[0]).status_code == 303
        db.session.expire_all()
        return [credential(ref).state for ref in made]

    assert let_out(2) == ["active", "active"], "the other one may use it, too"
    assert let_out(1) == ["revoked", "active"], "a station is the flat's"


def test_what_buttons_show_is_the_admin_s_where_it_is_not_left_to_owners(published: Flask) -> None:
    make_people()
    ref, path = the_unit().ref, f"/unit-owners/{the_unit().building_id}"
    kari = db.session.scalars(select(Person.id).where(Person.ref == "kari")).first()
    owner, admin = browser(published, "flat@x.example"), browser(published, "caretaker@x.example")
    early = fields(admin.get(path).text)
    assert send(admin, path, {"buttons": None}).status_code == 303
    late = admin.post(f"{path}?lang=en", data=early)
    assert late.status_code == 422 and "Somebody else changed this" in late.text
    form = {"name": "Mia Berg", "unit": ref, "device": "app"}
    for more in ({"button": "y"}, {"alias": "Mia"}, {"number": "77"}):
        refused = post(owner, "/people/new?lang=en", **form, **more)
        assert refused.status_code == 422 and "sees to the buttons" in refused.text
    assert post(owner, "/people/new", **form).status_code == 303
    edit = f"/people/{kari}/edit"
    assert send(owner, edit, {"alias": "Dronninga"}).status_code == 422
    assert send(owner, edit, {"hidden": "y"}).status_code == 303
    assert send(admin, edit, {"alias": "Dronninga"}).status_code == 303

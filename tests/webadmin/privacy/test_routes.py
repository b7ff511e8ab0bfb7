"""What is kept is shown; reading the log is logged; a person's data comes out, or is erased."""

from __future__ import annotations

import json
import re

from flask import Flask
from sqlalchemy import select

from tests.webadmin.conftest import post
from tests.webadmin.people_of_two_houses import PASSWORD, browser, make_people
from webadmin.db import db
from webadmin.models import Account, Person, PlanRevision, SiteChange


def key_of(ref: str) -> int:
    return db.session.scalars(select(Person.id).where(Person.ref == ref)).first() or 0


def test_the_page_says_what_holds_for_the_site(published: Flask) -> None:
    make_people()
    assert "Nothing is kept" in browser(published, "house@x.example").get("/privacy?lang=en").text
    office = browser(published, "office@x.example")
    for days in (14, 90):
        published.config["DOORLINE"].visits.keep_days = days
        assert f"{days} days" in office.get("/privacy?lang=en").text
        assert f"{days} days" in office.get("/settings?lang=en").text
    assert "Nobody has rung" in office.get("/visits?lang=en").text
    assert "read the log of visits" in office.get("/audit?lang=en").text
    assert "There is none" in browser(published, "house@x.example").get("/visits?lang=en").text
    assert browser(published, "reception@x.example").get("/visits").status_code == 403


def test_a_person_s_data_as_a_file(published: Flask) -> None:
    make_people()
    admin = browser(published, "house@x.example")
    found = json.loads(admin.get(f"/people/{key_of('kari')}/data.json").text)
    assert found["person"]["name"] == "Kari Berg" and found["dial_groups"] == ["Familien Berg"]
    assert {"flat@x.example", "kari@x.example"} == {each["email"] for each in found["accounts"]}
    assert "ha1" not in json.dumps(found)
    caretaker = browser(published, "caretaker@x.example")
    assert caretaker.get(f"/people/{key_of('kari')}/data.json").status_code == 403
    office = browser(published, "office@x.example")
    assert office.get(f"/people/{key_of('nora')}/data.json").status_code == 404


def test_nothing_of_an_erased_person_stays(published: Flask) -> None:
    make_people()
    admin = browser(published, "house@x.example")
    form = {"name": "Zacharias Zorn", "unit": "h0101", "device": "app", "button": "y"}
    unit = db.session.scalars(select(Person.unit_id).where(Person.ref == "kari")).first()
    assert unit
    assert post(admin, "/people/new", **form).status_code == 303
    key = key_of("zacharias-zorn")
    page = post(admin, f"/people/{key}/app", email="zz@y.example").text
    link = re.search(r"(/choose-password/[\w-]+)", page)
    assert link is not None
    assert published.test_client().post(link[1], data={"password": PASSWORD}).status_code == 303
    assert "Zacharias" in admin.get(f"/people/{key}/erase?lang=en").text
    assert post(admin, f"/people/{key}/erase").status_code == 303
    db.session.expire_all()
    assert key_of("zacharias-zorn") == 0
    assert db.session.scalars(select(Account).where(Account.email == "zz@y.example")).all() == []
    kept = [json.dumps(rows) for rows in db.session.scalars(select(SiteChange.rows))]
    plans = select(PlanRevision.note, PlanRevision.document, PlanRevision.author)
    kept += ["".join(each) for each in db.session.execute(plans)]
    assert not any(word in text for text in kept for word in ("Zacharias", "zacharias", "zz@y"))
    assert admin.get("/history").status_code == 200 and admin.get("/people").status_code == 200
    assert "erased a person" in admin.get("/audit?lang=en").text

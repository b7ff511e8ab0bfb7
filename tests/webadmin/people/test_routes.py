"""People in the browser: in, out, hidden, devices, lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in, post, token_of
from tests.webadmin.people_of_two_houses import browser, ids_of, make_people
from webadmin.db import db
from webadmin.models import Button, Credential, Device, Person, PlanRevision, Unit

HOUSE = "fjordgata.example"


@pytest.fixture
def inside(published: Flask) -> FlaskClient:
    """The owner, at the house."""
    client = published.test_client()
    log_in(client)
    client.get("/?site=1")
    return client


def person(name: str) -> Person | None:
    db.session.rollback()
    return db.session.query(Person).filter(Person.name == name, Person.site_id == 1).one_or_none()


def revision() -> int:
    return max(row.revision for row in db.session.query(PlanRevision).filter_by(site=HOUSE))


def test_moving_in_and_out(inside: FlaskClient) -> None:
    new = {"name": "Åse <i>Ny</i>", "unit": "", "device": "phone", "button": "y"}
    assert post(inside, "/people/new", **new).status_code == 303
    made = person("Åse <i>Ny</i>")
    assert made is not None and made.ref == "ase-i-ny-i" and revision() == 2
    key, page = made.id, inside.get(f"/people/{made.id}").text
    assert "<i>Ny</i>" not in page
    assert db.session.query(Device).filter_by(person_id=key).count() == 1
    assert db.session.query(Button).filter_by(person_id=key).count() == 1
    assert post(inside, f"/people/{key}/move-out").status_code == 303
    assert person("Åse <i>Ny</i>") is None and revision() == 3
    credential = db.session.query(Credential).filter_by(device="ase-i-ny-i-phone").one()
    assert (credential.state, credential.ha1) == ("revoked", "")


def test_a_telephone_is_kept_and_a_wrong_one_has_its_error(inside: FlaskClient) -> None:
    kari = person("Kari Berg")
    assert kari is not None
    path = f"/people/{kari.id}/edit"
    page = inside.get(path).get_data(as_text=True)
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    fields = {"name": kari.name, "unit": "h0101", "version": version}
    assert post(inside, path, **fields, telephone="22334455").status_code == 422
    assert post(inside, path, **fields, telephone="+47 22 33 44 55").status_code == 303
    changed = person("Kari Berg")
    assert changed is not None
    assert changed.telephone == "+4722334455"


def test_somebody_in_groups_and_rules_moves_out_and_comes_back(inside: FlaskClient) -> None:
    kari = person("Kari Berg")
    assert kari is not None
    assert post(inside, f"/people/{kari.id}/move-out").status_code == 303
    undo = re.search(r"/history/\d+/undo", inside.get("/people").text)
    assert undo is not None and person("Kari Berg") is None
    post(inside, undo[0])
    assert person("Kari Berg") is not None


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"unit": "elsewhere"}, {"hidden_until": "x"}]
)
def test_errors_at_their_field(inside: FlaskClient, wrong: dict[str, str]) -> None:
    answer = post(inside, "/people/new?lang=en", **{"name": "Ny", "unit": "", "device": "", **wrong})
    assert answer.status_code == 422 and f'id="{next(iter(wrong))}-error"' in answer.text
    assert revision() == 1


def test_a_number_that_is_taken_is_said_at_the_number(inside: FlaskClient) -> None:
    answer = post(inside, "/people/new", name="Ny", unit="", device="", number="101")
    assert answer.status_code == 422 and 'id="number-error"' in answer.text


def test_hiding_until_a_time_and_two_at_once(inside: FlaskClient) -> None:
    kari = person("Kari Berg")
    assert kari is not None
    key, unit = kari.id, db.session.get(Unit, kari.unit_id)
    form = inside.get(f"/people/{key}/edit").text
    version = re.search(r'name="version"[^>]*value="(\w+)"', form)
    assert version is not None and unit is not None
    data = {"name": "Kari Berg", "unit": unit.ref, "number": "101", "version": version[1]}
    hidden = {**data, "hidden": "y", "hidden_until": "2030-01-02T03:04"}
    assert post(inside, f"/people/{key}/edit", **hidden).status_code == 303
    kari = person("Kari Berg")
    assert kari is not None and kari.hidden_until is not None and kari.hidden_until.hour == 2
    assert "02.01.2030 03:04" in inside.get(f"/people/{key}?lang=nb").text
    late = post(inside, f"/people/{key}/edit?lang=en", **data)
    assert late.status_code == 422 and "Somebody else changed this" in late.text


def test_the_log_in_of_a_device(inside: FlaskClient) -> None:
    device = db.session.query(Device).filter_by(ref="kari-app", site_id=1).one()
    sheet = post(inside, f"/devices/{device.id}/reset")
    assert sheet.status_code == 200 and "<svg" in sheet.text and "no-store" in sheet.headers["Cache-Control"]
    post(inside, f"/devices/{device.id}/revoke")
    db.session.rollback()
    assert db.session.query(Credential).filter_by(device="kari-app", site=HOUSE).one().state == "revoked"
    assert post(inside, f"/devices/{device.id}/remove").status_code == 303
    assert db.session.query(Device).filter_by(ref="kari-app", site_id=1).count() == 0


def test_a_list_out_and_in_again(inside: FlaskClient) -> None:
    text = inside.get("/people.csv").text.replace("Kari Berg", "Kari Bergo") + ",Ny Nyesen,,,\r\n"
    preview = post(inside, "/people/import?lang=en", content=text)
    assert "moves in" in preview.text and "Kari Bergo" in preview.text and revision() == 1
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', preview.text)
    assert seen is not None
    assert post(inside, "/people/import", content=text, seen=seen[1]).status_code == 303
    assert person("Kari Bergo") is not None and person("Ny Nyesen") is not None and revision() == 2


def test_a_list_that_empties_groups_says_which(inside: FlaskClient) -> None:
    text = "\r\n".join(inside.get("/people.csv").text.splitlines()[:1]) + "\r\n,Ny Nyesen,,,\r\n"
    preview = post(inside, "/people/import?lang=en", content=text)
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', preview.text)
    assert seen is not None
    for language, words in (("en", "The group {} is empty"), ("nb", "Gruppa {} er tom")):
        page = post(inside, f"/people/import?lang={language}", content=text, seen=seen[1])
        assert all(words.format(name) in page.text for name in ("Familien Berg", "Styret", "Nabohjelp"))
    assert revision() == 1 and person("Kari Berg") is not None


def test_a_script_that_watches_a_list_is_told_where_to_go(inside: FlaskClient) -> None:
    text = inside.get("/people.csv").text + ",Ny Nyesen,,,\r\n"
    preview = post(inside, "/people/import?lang=en", content=text)
    assert "data-progress" in preview.text and "The list is being brought." in preview.text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', preview.text)
    assert seen is not None
    form = {"csrf_token": token_of(preview.text), "content": text, "seen": seen[1]}
    done = inside.post("/people/import", data=form, headers={"Doorline-Progress": "1"})
    assert done.json == {"go": "/people"} and person("Ny Nyesen") is not None
    assert "1 in, 0 changed, 0 out." in inside.get("/people?lang=en").text


def test_a_list_of_thousands_says_how_many_it_does_not_show(inside: FlaskClient) -> None:
    text = "id,name\n" + "".join(f",Ny {n}\n" for n in range(5000))
    page = post(inside, "/people/import?lang=en", content=text).text
    assert "5000 in, 0 changed, " in page and "… and 4800 more like these." in page
    assert len(page.split("moves in")) == 201
    large = inside.get("/people/import").text
    data = {"csrf_token": token_of(large), "content": text + ",Ny med et langt navn og mer til\n" * 14_000}
    assert inside.post("/people/import", data=data, content_type="multipart/form-data").status_code == 200


def test_another_house_s_people_are_not_there(published: Flask, tmp_path: Path) -> None:
    make_people()
    client = browser(published, "office@x.example")
    for key in ids_of(Person, HOUSE):
        assert client.get(f"/people/{key}").status_code == 404
        assert post(client, f"/people/{key}/move-out").status_code == 404
    for key in ids_of(Device, HOUSE):
        assert post(client, f"/devices/{key}/reset").status_code == 404
    assert "Kari Berg" not in client.get("/people?site=1&q=Berg").text

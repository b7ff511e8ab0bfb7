"""The set-up from an empty database to a ring, by forms alone."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.conftest import log_in, post
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import Device, PlanRevision, Site


class Bell:
    """A PBX link that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answer = ""

    def running(self) -> None:
        return None

    def reload(self) -> dict[str, int]:
        return {}

    def order(self, action: str, **fields: str) -> str:
        self.asked.append(fields)
        return self.answer


def walk(client: FlaskClient) -> None:
    assert client.get("/set-up").headers["Location"] == "/set-up/house"
    assert post(client, "/set-up/house", name="Åsveien 3", kind="residential").status_code == 303
    assert post(client, "/set-up/units", names="H0101\nH0102, H0101").status_code == 303
    assert client.get("/set-up").headers["Location"] == "/set-up/people"
    answer = post(client, "/set-up/people", kind="phone", **{"unit-h0101": "Kari Berg, Ola Berg"})
    assert answer.status_code == 303
    assert post(client, "/set-up/panel", name="Inngang").status_code == 303
    door = {"name": "Hoveddøra", "driven": "controller", "open_seconds": 5, "escape_route": "y"}
    assert post(client, "/set-up/door", **door, exit_hardware="y").status_code == 303
    assert client.get("/set-up").headers["Location"] == "/set-up/ring"


def test_from_nothing_to_a_ring(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    assert "/set-up" in client.get("/").text
    bell = app.extensions["doorline.pbx"] = Bell()
    walk(client)
    site = db.session.scalars(select(Site)).one()
    assert (site.domain, site.kind) == ("asveien-3.home.arpa", "residential")
    device = db.session.scalars(select(Device.id).where(Device.ref == "kari-berg-phone")).one()
    assert "kari-berg-phone" in post(client, f"/set-up/log-in/{device}").text
    primary = re.compile(r'class="action small"')
    assert len(primary.findall(client.get("/set-up/ring").text)) == 1  # of a row for everybody
    assert "It rings now" in post(client, "/set-up/ring?lang=en", device=device).text
    assert bell.asked[0]["Channel"] == "PJSIP/kari-berg-phone@asveien-3.home.arpa"
    assert bell.asked[0]["Exten"] == "inngang"
    bell.answer = "Originate failed: The endpoint is not registered"
    assert "not logged in" in post(client, "/set-up/ring?lang=en", device=device).text
    assert post(client, "/set-up/ring", device=999).status_code == 404
    newest = db.session.scalars(select(PlanRevision).order_by(PlanRevision.id.desc())).first()
    assert newest is not None and newest.revision == 5


def test_wrong_answers_are_said_and_change_nothing(app: Flask, client: FlaskClient) -> None:
    log_in(client)
    for wrong in ({"name": ""}, {"name": "x" * 121}, {"name": "A", "domain": "No Domain"}, {"name": "A\x00"}):
        assert post(client, "/set-up/house", **{"kind": "residential", **wrong}).status_code == 422
    assert post(client, "/set-up/house", name="A", kind="castle").status_code == 422
    assert db.session.scalars(select(Site)).all() == []
    for _ in range(2):
        answer = post(client, "/set-up/house", name="A", kind="residential", domain="a.example")
    assert answer.status_code == 422 and "domain" in answer.text
    for names in ("", " , ", "x" * 61, "\n".join(map(str, range(501))), "a\x1b"):
        assert post(client, "/set-up/units", names=names).status_code == 422, names
    assert post(client, "/set-up/people").status_code == 303
    assert post(client, "/set-up/units", names="<b>1").status_code == 303
    assert post(client, "/set-up/people", kind="phone").status_code == 422
    assert post(client, "/set-up/door", name="D").status_code == 303


def test_only_the_system_s_owner_makes_houses(published: Flask) -> None:
    make_people()
    admin = browser(published, "house@x.example")
    assert admin.get("/set-up").headers["Location"] == "/set-up/ring"
    assert admin.get("/set-up/house").status_code == 403
    assert browser(published, "kari@x.example").get("/set-up/units").status_code == 403

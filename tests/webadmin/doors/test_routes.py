"""Doors and the simulator."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webadmin.conftest import log_in
from webadmin.db import db, writing
from webadmin.doors.routes import WAYS
from webadmin.models import Device, Door, Person


@pytest.mark.parametrize("way", [*WAYS, "rubbish"])
def test_every_way_gets_an_answer_and_a_reason(published: Flask, way: str) -> None:
    client = published.test_client()
    log_in(client)
    for door in db.session.query(Door).all():
        person = db.session.query(Person).filter_by(site_id=door.site_id).first()
        assert person is not None
        page = client.get(f"/doors/{door.id}?person={person.ref}&way={way}&at=2026-11-23T12:00&lang=en").text
        assert ('class="answer' in page) == (way != "rubbish")
    assert client.get("/doors/999").status_code == 404


def test_a_person_of_elsewhere_gets_no_answer(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    assert 'class="answer' not in client.get("/doors/1?person=nobody&way=app").text


def test_the_list_says_who_opens_by_name_where_there_is_one(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    query = select(Device).join(Door, Door.controller_id == Device.id).limit(1)
    with writing() as session:
        device = session.scalars(query).one()
        device.name, ref = "", device.ref
    assert f">{ref}</td>" in client.get("/doors").text
    with writing() as session:
        session.scalars(query).one().name = "Skapet i kjelleren"
    assert ">Skapet i kjelleren</td>" in client.get("/doors").text

"""What the app learns of one, and nothing of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from dialplan.rows import SiteRows
from tests.webadmin.people_of_two_houses import PASSWORD, make_people
from tests.webadmin.resident.test_own_guests import bound, wish
from tests.webadmin.residents import HOUSE, OFFICE, Phone, make_resident
from webadmin.db import db
from webadmin.delegation.service import Bounds
from webadmin.editing.changes import change
from webadmin.models import Site


def test_one_login_and_two_sites(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    make_resident("kari@x.example", "kari", OFFICE)
    sites = {each["site"]: each for each in Phone(published, "kari@x.example").me()["sites"]}
    assert set(sites) == {HOUSE, OFFICE}
    house = sites[HOUSE]
    assert house["privacy"] == "residential" and house["sip"]["aor"] == "sip:kari@fjordgata.example"
    assert house["wss"] == "ws://localhost:8088/ws"
    assert {door["id"] for door in house["doors"]} == {"front", "back"}
    assert [panel["id"] for panel in house["panels"]] == ["entrance"]
    assert {door["digit"] for door in house["panels"][0]["doors"]} == {"5", "6"}


def test_an_account_that_is_nobody_sees_nothing(published: Flask) -> None:
    make_people()
    phone = Phone(published)
    answer = phone.send("POST", "login", {"email": "nobody@x.example", "password": PASSWORD})
    assert answer.json == {"next": "in"}
    assert phone.send("GET", "me").status_code == 401


def only_by_app(door: str) -> None:
    """Take the right to open a door by code away from everybody."""

    def edit(rows: SiteRows) -> SiteRows:
        rules = []
        for rule in rows.rules:
            if rule.doors != (door,):
                rules.append(replace(rule, doors=tuple(one for one in rule.doors if one != door)))
            if door in rule.doors:
                rules.append(replace(rule, id=f"{rule.id}-{door}", doors=(door,), methods=("app",)))
        return replace(rows, rules=tuple(rules))

    site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
    change(site.id, edit, who="test", account_id=None, note="", at=datetime.now(UTC))


def test_passes_are_offered_for_doors_that_may_be_given_by_code_only(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    phone = Phone(published, "kari@x.example")

    def doors(kind: str) -> set[str]:
        return {door["id"] for door in phone.me()["sites"][0][kind]}

    assert doors("pass_doors") == {"front", "back"}
    only_by_app("back")
    assert doors("doors") == {"front", "back"} and doors("pass_doors") == {"front"}
    assert phone.send("POST", "guests", wish(doors=["back"])).status_code == 422
    assert phone.send("POST", "guests", wish(doors=["front"])).status_code == 201
    bound(Bounds(guests=False))
    assert doors("pass_doors") == set()

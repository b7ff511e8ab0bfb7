"""What the app learns of one, and nothing of others."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.people_of_two_houses import PASSWORD, make_people
from tests.webadmin.residents import HOUSE, OFFICE, Phone, make_resident


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

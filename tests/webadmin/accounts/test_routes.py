"""Inviting, leaving, one's own account."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in, post
from tests.webadmin.people_of_two_houses import PASSWORD, browser, make_people, organisation_of

HOSTILE = "<script>alert(1)</script>"


def invite(client: FlaskClient, email: str, where: str, name: str = "Ny") -> str:
    page = post(client, "/accounts/invite?lang=en", name=name, email=email, where=where)
    link = re.search(r"(/choose-password/[\w-]+)", page.text)
    return link[1] if link else f"{page.status_code}"


def test_an_invitation_leads_to_a_role_and_works_once(published: Flask) -> None:
    make_people()
    house = organisation_of("fjordgata.example")
    client = browser(published, "house@x.example")
    link = invite(client, "new@x.example", f"organisation-{house}", HOSTILE)
    guest = published.test_client()
    assert guest.post(link, data={"password": "en ny setning om dører"}).status_code == 303
    assert guest.post(link, data={"password": "en ny setning om dører"}).status_code == 410
    page = guest.get("/accounts")
    assert page.status_code == 200 and HOSTILE not in page.text and "&lt;script&gt;" in page.text


def test_nobody_invites_into_another_organisation_or_above(published: Flask) -> None:
    make_people()
    office = organisation_of("kontor.example")
    client = browser(published, "house@x.example")
    for where in (f"organisation-{office}", "system", "building-2", "", "x"):
        assert invite(client, "new@x.example", where) == "422", where


def test_leaving_ends_the_log_in(published: Flask) -> None:
    make_people()
    client = browser(published, "house@x.example")
    caretaker = browser(published, "caretaker@x.example")
    key = re.search(r'/accounts/(\d+)">caretaker', client.get("/accounts").text)
    assert key is not None
    assert caretaker.get("/").status_code == 200
    assert post(client, f"/accounts/{key[1]}/leave").status_code == 303
    assert caretaker.get("/").status_code == 401
    assert "took away the roles" in client.get("/audit?lang=en").text


def test_the_last_owner_stays(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    post(client, "/accounts/1/leave")
    assert "Somebody must own the system" in client.get("/?lang=en").text


def test_a_lost_phone(published: Flask) -> None:
    make_people()
    client = browser(published, "owner@x.example")
    assert post(client, "/accounts/2/new-phone").status_code == 303
    office = browser(published, "office@x.example")
    assert post(office, "/accounts/2/new-phone").status_code == 404
    assert post(browser(published, "house@x.example"), "/accounts/1/new-phone").status_code == 404


def test_a_stolen_browser_does_not_guess_the_password(published: Flask) -> None:
    make_people()
    client = browser(published, "house@x.example")
    new = "en helt ny setning om dører"
    for number in range(10):
        page = post(client, "/me/password?lang=en", old=f"guess {number}", password=new)
        assert page.status_code == 422 and "not the password you have" in page.text
    page = post(client, "/me/password?lang=en", old=PASSWORD, password=new)
    assert page.status_code == 422 and "Too many tries" in page.text


def test_one_s_own_password(published: Flask) -> None:
    make_people()
    client, elsewhere = browser(published, "house@x.example"), browser(published, "house@x.example")
    new = "en helt annen setning"
    assert post(client, "/me/password", old="wrong", password=new).status_code == 422
    assert post(client, "/me/password", old=PASSWORD, password="kort").status_code == 422
    assert post(client, "/me/password", old=PASSWORD, password=new).status_code == 303
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 401
    third = published.test_client()
    assert third.post("/sign-in", data={"email": "house@x.example", "password": new}).status_code == 303
    post(client, "/me/end-others")
    assert third.get("/").status_code == 401


def test_one_s_own_browsers_by_name(published: Flask) -> None:
    make_people()
    client = browser(published, "house@x.example")
    other = published.test_client()
    sign_in = {"email": "house@x.example", "password": PASSWORD}
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    assert other.post("/sign-in", data=sign_in, headers={"User-Agent": agent}).status_code == 303
    assert ">Firefox on Linux<" in client.get("/me?lang=en").text
    assert ">Firefox på Linux<" in client.get("/me?lang=nb").text

"""Access rules in the browser, and who opens what."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, send
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import AccessRule, PlanRevision


def newest() -> AccessRule:
    db.session.rollback()
    return (
        db.session.query(AccessRule).filter_by(site_id=1).order_by(AccessRule.id.desc()).first()
        or AccessRule()
    )


def test_a_rule_comes_changes_and_goes(published: Flask) -> None:
    client = inside(published)
    before = newest().id
    made = {"doors": ["back"], "people": ["kari"], "methods": ["code", "card"]}
    assert send(client, "/rules/new", made).headers["Location"] == "/rules"
    key = newest().id
    assert key > before and newest().methods == "code,card"
    path = f"/rules/{key}"
    mine = fields(client.get(path).text)
    assert send(client, path, {"units": ["h0101"]}).status_code == 303
    late = client.post(f"{path}?lang=en", data=mine)
    assert late.status_code == 422 and "Somebody else changed this" in late.text
    assert "with a code" in client.get("/rules?lang=en").text
    assert post(client, f"{path}/remove").status_code == 303 and newest().id == before
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"doors": []}, "åpner ingen dør"),
        ({"buildings": [], "doors": ["back"]}, "gjelder ingen"),
        ({"doors": ["back"], "people": ["kari"], "methods": []}, "ingen måte"),
        ({"doors": ["glass"], "people": ["kari"]}, "Velg fra lista"),
        ({"doors": ["back"], "people": ["kari"], "during": "x"}, "Velg fra lista"),
    ],
)
def test_errors_in_norwegian_and_nothing_saved(
    published: Flask, changes: dict[str, object], words: str
) -> None:
    client = inside(published)
    answer = send(client, "/rules/new", changes, "nb")
    assert answer.status_code == 422 and words in answer.text
    assert db.session.query(PlanRevision).filter_by(site="fjordgata.example").count() == 1


def test_who_opens_what_by_person_and_by_door(published: Flask) -> None:
    client = inside(published)
    page = client.get("/who?lang=en").text
    names = re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', page)
    assert len(names) == 10 and page.count("<tfoot>") == 1
    one = client.get("/who?lang=en&q=solveig").text
    assert len(re.findall(r'<th scope="row"><a', one)) == 1
    assert "of 10</span>" in client.get("/who?lang=en&by=door").text
    assert "Nothing to show" in client.get("/who?lang=en&q=nobodyatall").text


def test_a_rule_of_another_organisation_cannot_be_reached(published: Flask) -> None:
    make_people()
    key = newest().id
    client = browser(published, "office@x.example")
    assert client.get(f"/rules/{key}").status_code == 404
    assert post(client, f"/rules/{key}/remove").status_code == 404

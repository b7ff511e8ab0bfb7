"""Every form and every body of the API with bad input: a message that says what to do, and nothing saved."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside
from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.auth.reach import IN_SITE
from webadmin.db import db
from webadmin.models import Account, Delegation, GuestPass, PlanRevision, Site, Trunk

LONG, CONTROL, HOSTILE = "x" * 5000, "a\x00\x1b[31mb", "<script>alert(1)</script>\"'{{7*7}}"
OFTEN_RIGHT = ("csrf_token", "version", "seen", "site", "lines", "do")
KEYED = {
    "buildings": "building", "units": "unit", "people": "person", "dial_groups": "dial_group",
    "buttons": "button", "doors": "door", "changing": "door", "rules": "access_rule",
    "panels": "device", "devices": "device", "delegation": "building", "privacy": "person",
}  # fmt: skip
NO_FORM = ("privacy.erase", "setup.ring", "people.bring")
"""A page with a button, a page with a table, and the list, whose own tests say what each line is told."""

KINDS = {"panels": ("panel", "controller"), "devices": ("app", "station", "phone")}


def addresses(app: Flask) -> list[str]:
    """Every page that shows a form and takes it, about something of the house."""
    found = []
    for rule in app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if not {"GET", "POST"} <= (rule.methods or set()) or room in ("auth", "api", "guest"):
            continue
        if rule.endpoint in NO_FORM:
            continue
        path = rule.rule
        if rule.arguments:
            if rule.endpoint == "telephones.edit" or room not in KEYED:
                continue  # the house has none of these; the form of a new one is the same
            path = re.sub(r"<int:\w+>", str(key_of(KEYED[room], KINDS.get(room, ()))), path)
        found.append(path)
    return sorted(found)


def key_of(table: str, kinds: tuple[str, ...]) -> int:
    """Something of the house in this table."""
    model: Any = next(each for each in IN_SITE if each.__tablename__ == table)
    query = select(model.id).join(Site, Site.id == model.site_id).where(Site.domain == HOUSE)
    found = db.session.scalars(query.where(model.kind.in_(kinds)) if kinds else query).first()
    assert found is not None, table
    return int(found)


def kept() -> list[object]:
    """What is saved, as far as a form could change it."""
    db.session.remove()
    tables: tuple[Any, ...] = (*IN_SITE, Site, Trunk, Account, GuestPass, Delegation)
    counts = [db.session.query(table).count() for table in tables]
    return [*counts, db.session.query(PlanRevision).count()]


def told(client: FlaskClient, path: str, data: MultiDict[str, str]) -> bool:
    """Send it: whether it is refused with a sentence."""
    answer = client.post(f"{path}?lang=en", data=data)
    return answer.status_code == 422 and 'class="fault"' in answer.text


@pytest.mark.parametrize("part", [0, 1, 2])
def test_no_form_takes_what_it_cannot_keep(published: Flask, part: int) -> None:
    client = inside(published)
    pages = [path for place, path in enumerate(addresses(published)) if place % 3 == part]
    before, walked, silent = kept(), 0, []
    for path in pages:
        page = client.get(f"{path}?lang=en").text
        if "data-guard" not in page:
            continue
        sent = fields(page)
        ticked = set(re.findall(r'type="(?:checkbox|radio|hidden)" name="([^"]+)"', page))
        ticked |= set(re.findall(r'name="([^"]+)"[^>]*type="(?:checkbox|radio|hidden)"', page))
        for name in [each for each in sent if each not in OFTEN_RIGHT and each not in ticked]:
            if re.search(r"-\d+|^new$", name) or (name == "number" and "dial-groups" in path):
                continue  # a line of a list: what was not offered is left out, as its own tests say
            for wrong in (LONG, CONTROL):
                data = sent.copy()
                data.setlist(name, [wrong])
                walked += 1
                if not told(client, path, data):
                    silent.append((path, name, wrong[:5]))
    assert silent == [] and walked >= 20
    assert kept() == before


def test_hostile_text_is_only_text(published: Flask) -> None:
    client = inside(published)
    form = {"name": HOSTILE, "alias": HOSTILE, "unit": "h0101", "device": "phone", "button": "y"}
    assert post(client, "/people/new", **form).status_code == 303
    for path in ("people", "buttons", "history", "panels", "devices", "who", "search?q=script", "units"):
        assert "<script>alert" not in client.get(f"/{path}").text, path
    shown = client.get("/people").text
    assert "&lt;script&gt;" in shown and "{{7*7}}" in shown


BODIES: list[Any] = [
    *([], "x", 7, None, {}, {"unknown": 1}),
    {"label": 7, "site": [], "name": {}, "device": "x", "code": None, "email": 1, "password": []},
    {"site": HOUSE, "label": LONG, "name": LONG, "email": LONG, "device": 10**30, "kind": "castle"},
    {"site": "kontor.example", "name": "x", "kind": "app", "email": "a@b.example"},
    {"label": CONTROL, "hidden": "perhaps", "ring": [{"target": "person", "id": "nora"}]},
]


def test_every_body_of_the_api_is_judged(published: Flask) -> None:
    make_resident("kari@x.example", "kari", role="unit_owner")
    phone, before, walked = Phone(published, "kari@x.example"), kept(), 0
    for rule in published.url_map.iter_rules():
        methods = (rule.methods or set()) & {"POST", "PUT"}
        if not rule.rule.startswith("/api/v1/") or rule.rule.endswith(("/log-out", "/logout")):
            continue
        path = rule.rule.removeprefix("/api/v1/").replace("<key>", f"{HOUSE}:kari-button")
        for method in methods:
            for body in BODIES:
                if method == "PUT" and body == {}:
                    continue  # nothing is to be changed: that is right
                answer = phone.send(method, re.sub(r"<int:\w+>", "1", path), body)
                where = (method, path, str(body)[:40], answer.status_code)
                assert 400 <= answer.status_code < 500, where
                assert answer.json is not None and answer.json["error"] and answer.json["message"], where
                assert answer.json["message"] == re.sub(r"[{}<>]", "", answer.json["message"]), where
                walked += 1
    assert walked >= 80 and kept() == before

"""A dial group in the browser: order, kind, errors at their line, two admins at once, undo."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in, post
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import DialGroup, PlanRevision, Site, SiteChange
from webadmin.publishing.rows import site_rows

DOMAIN = "kontor.example"


def fields(page: str) -> dict[str, str]:
    """What a browser would send back of a page's form."""
    form = page[page.index('<form class="form wide') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checked" in tag or not re.search(r'type="(checkbox|radio)"', tag)):
            found[name[1]] = unescape(value[1]) if value else "on" if "checked" in tag else ""
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option (?:value="([^"]*)" selected|selected value="([^"]*)")', body)
        found[name] = (chosen[1] or chosen[2] or "") if chosen else ""
    return found


def group_of(ref: str) -> tuple[int, list[str], str]:
    site = db.session.query(Site).filter_by(domain=DOMAIN).one()
    row = db.session.query(DialGroup).filter_by(site_id=site.id, ref=ref).one()
    with lifted():
        rows = site_rows(db.session(), site)
    found = next(each for each in rows.groups if each.id == row.ref)
    return row.id, [member.id for member in found.members], found.ringing


def opened(app: Flask) -> tuple[FlaskClient, str]:
    client = app.test_client()
    log_in(client)
    client.get("/?site=2")
    site = db.session.query(Site).filter_by(domain=DOMAIN).one()
    rows = db.session.query(DialGroup).filter_by(site_id=site.id, ringing="sequential").first()
    assert rows is not None
    return client, rows.ref


def revision() -> int:
    db.session.rollback()
    return max(row.revision for row in db.session.query(PlanRevision).filter_by(site=DOMAIN))


def test_a_new_order_is_a_new_revision_and_undo_restores_it(published: Flask) -> None:
    client, ref = opened(published)
    key, before, _ = group_of(ref)
    page = client.get(f"/dial-groups/{key}?lang=en").text
    assert page.index("Ringing</legend>") < page.index('name="name"')
    arranged = post(client, f"/dial-groups/{key}", **{**fields(page), "do": "down-0"})
    assert arranged.status_code == 200 and revision() == 1, "arranging saves nothing"
    assert post(client, f"/dial-groups/{key}", **{**fields(arranged.text), "do": "save"}).status_code == 303
    assert group_of(ref)[1] == [before[1], before[0], *before[2:]] and revision() == 2
    note = client.get("/dial-groups?lang=en").text
    undo = re.search(r"/history/\d+/undo", note)
    assert undo is not None and "is saved." in note
    post(client, undo[0])
    assert group_of(ref)[1] == before and revision() == 3
    history = client.get("/history?lang=en").text
    assert "What was different" in history and "undone by 3" in history


def test_simultaneous_and_switched_off(published: Flask) -> None:
    client, ref = opened(published)
    key, _, _ = group_of(ref)
    data = fields(client.get(f"/dial-groups/{key}").text)
    data.pop("on-0")
    assert post(client, f"/dial-groups/{key}", **{**data, "ringing": "simultaneous"}).status_code == 303
    assert group_of(ref)[2] == "simultaneous"


def test_errors_stand_where_they_arise_and_nothing_is_saved(published: Flask) -> None:
    client, ref = opened(published)
    key, before, _ = group_of(ref)
    data = fields(client.get(f"/dial-groups/{key}").text)
    faults = ("delay-0", "soon"), ("step_seconds", "4"), ("name", ""), ("ringing", "both"), ("fallback", "x")
    for wrong in ({name: value} for name, value in faults):
        answer = post(client, f"/dial-groups/{key}?lang=en", **{**data, **wrong})
        assert answer.status_code == 422 and 'class="fault"' in answer.text, wrong
    assert group_of(ref)[1] == before and revision() == 1


def test_members_of_elsewhere_are_not_taken(published: Flask) -> None:
    client, ref = opened(published)
    key, _, _ = group_of(ref)
    data = fields(client.get(f"/dial-groups/{key}").text)
    post(client, f"/dial-groups/{key}", **{**data, "target-0": "person:solveig"})
    assert "solveig" not in group_of(ref)[1]
    answer = post(client, f"/dial-groups/{key}?lang=en", **{**data, "do": "add", "new": "person:solveig"})
    assert "Choose somebody from the list" in answer.text


def test_the_second_of_two_is_told_and_loses_nothing(published: Flask) -> None:
    client, ref = opened(published)
    key, _, _ = group_of(ref)
    mine = theirs = fields(client.get(f"/dial-groups/{key}").text)
    assert post(client, f"/dial-groups/{key}", **{**theirs, "step_seconds": "21"}).status_code == 303
    answer = post(client, f"/dial-groups/{key}?lang=en", **{**mine, "name": "Mitt navn"})
    assert answer.status_code == 422 and "Somebody else changed this" in answer.text
    assert 'value="Mitt navn"' in answer.text
    assert post(client, f"/dial-groups/{key}", **fields(answer.text)).status_code == 303


def test_a_new_group_with_a_hostile_name(published: Flask) -> None:
    client, _ = opened(published)
    data = fields(client.get("/dial-groups/new").text)
    person = next(iter(re.findall(r'value="(person:[^"]+)"', client.get("/dial-groups/new").text)))
    arranged = post(client, "/dial-groups/new", **{**data, "name": "<b>x</b>", "do": "add", "new": person})
    assert post(client, "/dial-groups/new", **{**fields(arranged.text), "do": "save"}).status_code == 303
    page = client.get("/dial-groups").text
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_group_that_is_used_cannot_go(published: Flask) -> None:
    client, ref = opened(published)
    key, _, _ = group_of(ref)
    assert post(client, f"/dial-groups/{key}/remove").headers["Location"] == f"/dial-groups/{key}"
    assert db.session.query(SiteChange).count() == 0

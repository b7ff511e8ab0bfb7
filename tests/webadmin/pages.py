"""Pages as a browser without script uses them: fill a form in as it came, change some fields, send it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.webadmin.conftest import log_in
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Site
from webadmin.publishing.rows import site_rows


def fields(page: str) -> MultiDict[str, str]:
    """What a browser would send back of a page's guarded form."""
    form = page[page.index("data-guard") :]
    form = form[: form.index("</form>")]
    found: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checked" in tag or not re.search(r'type="(checkbox|radio)"', tag)):
            found.add(name[1], unescape(value[1]) if value else "on" if "checked" in tag else "")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        options = re.findall(r"<option([^>]*)>", body)
        chosen = next((each for each in options if "selected" in each), options[0] if options else "")
        value = re.search(r'value="([^"]*)"', chosen)
        found.add(name, unescape(value[1]) if value else "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        found.add(name, unescape(body).strip())
    return found


def send(client: FlaskClient, path: str, changes: Mapping[str, object], lang: str = "en") -> TestResponse:
    """Open the page, change these fields (a list: several values; None: not sent), save."""
    data = fields(client.get(f"{path}?lang={lang}").text)
    for name, value in changes.items():
        data.poplist(name)
        if value is not None:
            data.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return client.post(f"{path}?lang={lang}", data=data)


def inside(app: Flask, domain: str = "fjordgata.example") -> FlaskClient:
    """A browser of the system's owner, on this site."""
    client = app.test_client()
    log_in(client)
    site = db.session.query(Site).filter_by(domain=domain).one()
    client.get(f"/?site={site.id}")
    return client


def row(table: str, key: str, domain: str = "fjordgata.example") -> object:
    """A row of the site as it is saved."""
    db.session.rollback()
    with lifted():
        rows = site_rows(db.session(), db.session.query(Site).filter_by(domain=domain).one())
    items = getattr(rows, table)
    return next((each for each in items if getattr(each, "id", getattr(each, "device", "")) == key), None)

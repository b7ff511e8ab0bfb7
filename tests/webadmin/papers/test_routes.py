"""A device fetches its papers by its token, once for each change; nobody else gets any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.webadmin.conftest import AT
from webadmin.db import db, writing
from webadmin.guests.service import Wish, make
from webadmin.models import Credential, Site
from webadmin.resident.bearer import token_of

PATH = "/api/v1/panel/passes"
HOUSE = "fjordgata.example"


def bearer(device: str) -> dict[str, str]:
    query = select(Credential).where(Credential.site == HOUSE, Credential.device == device)
    return {"Authorization": f"Bearer {token_of(db.session.scalars(query).one())}"}


def test_papers_with_an_etag(published: Flask) -> None:
    client = published.test_client()
    now = datetime.now(UTC)
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == HOUSE)).one()
        make(session, site, Wish("Bud", ("front",), now, now + timedelta(hours=30), host="kari"), now)
    headers = bearer("house-controller")
    answer = client.get(PATH, headers=headers)
    assert answer.status_code == 200 and answer.json is not None
    assert len(answer.json["passes"]) == 1
    again = client.get(PATH, headers={**headers, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code in (200, 304)  # 200 if the hour has just turned
    panel = client.get(PATH, headers=bearer("entrance"))
    assert panel.json == {"passes": []}  # its doors are another device's


def test_who_gets_none(published: Flask) -> None:
    client: FlaskClient = published.test_client()
    assert client.get(PATH).status_code == 401
    assert client.get(PATH, headers={"Authorization": "Bearer a;b;c"}).status_code == 401
    assert client.get(PATH, headers=bearer("kari-app")).status_code == 403
    headers = bearer("house-controller")
    with writing() as session:
        row = session.scalars(select(Credential).where(Credential.device == "house-controller")).one()
        row.state = "revoked"
    assert client.get(PATH, headers=headers).status_code == 401
    assert AT.tzinfo is not None

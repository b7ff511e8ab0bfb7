"""A WebAdmin over fresh databases, and the demonstration sites published into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.databases import make_sqlite
from webadmin.app import create_app
from webadmin.auth.entering import make_first
from webadmin.auth.links import make_link
from webadmin.db import db, writing
from webadmin.publishing.files import publish_files
from webadmin.settings import Ami, Database, Paths, Settings

SITES = Path(__file__).parent.parent.parent / "config" / "sites"
HOUSE = SITES / "fjordgata.toml"
OFFICE = SITES / "kontor.toml"
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a machine of its own, whose PBX is away."""
    admin, pbx = make_sqlite(tmp_path)
    return Settings(
        database=Database(admin_url=admin, pbx_url=pbx), paths=Paths(var=tmp_path), ami=Ami(port=1)
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """WebAdmin, inside an application context."""
    made = create_app(settings)
    made.testing = True
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def published(app: Flask) -> Flask:
    """WebAdmin with both demonstration sites."""
    publish_files([HOUSE, OFFICE], author="test", note="", at=AT, secrets=None)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not logged in."""
    return app.test_client()


OWNER = "eier@fjordgata.example"


def make_owner() -> None:
    """The system owner's account, without a second factor, where there is none."""
    with writing() as session:
        make_first(session, "Eier", OWNER, "en lang setning om dører", AT)


def log_in(client: FlaskClient) -> None:
    """Go in by a link, as the system's owner."""
    make_owner()
    with writing() as session:
        code = make_link(session, datetime.now(UTC))
    assert client.post(f"/enter/{code}").status_code == 303


def token_of(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, **data: object) -> TestResponse:
    """Send a form with its token."""
    token = token_of(client.get("/me").text)
    return client.post(path, data={"csrf_token": token, **data})

"""Every page of WebAdmin that a browser can open, served on loopback with the demonstration sites."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.databases import make_sqlite
from tests.support.system import ROOT
from webadmin.app import create_app
from webadmin.auth.entering import make_first
from webadmin.auth.links import make_link
from webadmin.db import db, writing
from webadmin.publishing.files import publish_files
from webadmin.settings import Ami, Database, Paths, Settings, Web

SITES = (ROOT / "config/sites/fjordgata.toml", ROOT / "config/sites/kontor.toml")
OUTSIDE = ("/sign-in", "/forgotten-password", "/enter/x", "/choose-password/x")
LEFT_OUT = ("static", "api", "faces", "authority", "health")
TRIES = 40


@dataclass(frozen=True, slots=True)
class Pages:
    """A running WebAdmin. `paths`: pages of somebody inside; `link`: the way in of the system's owner."""

    url: str
    link: str
    paths: tuple[str, ...]


class Quiet(WSGIRequestHandler):
    """Says nothing of what is asked."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def served(scratch: Path) -> Iterator[Pages]:
    """Serve both demonstration sites; no PBX answers."""
    admin, pbx = make_sqlite(scratch)
    settings = Settings(
        database=Database(admin_url=admin, pbx_url=pbx),
        paths=Paths(var=scratch),
        ami=Ami(port=1),
        webadmin=Web(tls_host="", second_factor=()),
    )
    app = create_app(settings)
    with app.app_context():
        publish_files(SITES, author="Eier", note="", at=datetime.now(UTC), secrets=None)
        with writing() as session:
            make_first(session, "Eier Eiersen", "eier@fjordgata.example", "en lang setning om dører", _now())
            codes = [make_link(session, _now()) for _ in range(2)]
        paths = tuple(_paths(app, codes[0]))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield Pages(url, f"{url}/enter/{codes[1]}", paths)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _paths(app: Flask, code: str) -> Iterator[str]:
    """The first page of each route that shows something."""
    client = app.test_client()
    client.post(f"/enter/{code}")
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint.partition(".")[0] in LEFT_OUT:
            continue
        numbers = range(1, TRIES) if rule.arguments else range(1)
        found = next((path for each in numbers if _shows(client, path := _filled(rule.rule, each))), None)
        if found is not None:
            yield found


def _filled(rule: str, number: int) -> str:
    return re.sub(r"<[^>]*>", str(number), rule)


def _shows(client: FlaskClient, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and answer.mimetype == "text/html"


def _now() -> datetime:
    return datetime.now(UTC)

"""Questions to the PBX's HTTP side: answered, refused, away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webadmin.residents import HOUSE
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Person, Site
from webadmin.resident.pbx_side import NoAnswer, ask, door_states
from webadmin.resident.whose import Own


class Side(BaseHTTPRequestHandler):
    """Answers what the test wants."""

    answer: ClassVar[tuple[int, bytes]] = (200, b"{}")
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers['Authorization']}")
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Silence."""


@pytest.fixture
def side(published: Flask) -> Iterator[type[Side]]:
    server = HTTPServer(("127.0.0.1", 0), Side)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings = published.config["DOORLINE"]
    http = settings.http.model_copy(update={"port": server.server_port})
    published.config["DOORLINE"] = settings.model_copy(update={"http": http})
    Side.asked.clear()
    yield Side
    server.shutdown()
    thread.join()
    server.server_close()


def test_doors_of_somebody(published: Flask, side: type[Side]) -> None:
    side.answer = (200, json.dumps({"doors": [{"id": "front", "state": "open"}]}).encode())
    with published.test_request_context("/"), lifted():
        site = db.session.scalars(select(Site).where(Site.domain == HOUSE)).one()
        where = (Person.ref == "kari", Person.site_id == site.id)
        kari = db.session.scalars(select(Person).where(*where)).one()
        assert door_states(Own(kari, site)) == {"front": "open"}
        assert side.asked[0].startswith(f"/device/doors Bearer {HOUSE};kari-")
        side.answer = (401, b"")
        assert door_states(Own(kari, site)) == {}


@pytest.mark.parametrize("answer", [(200, b"no json"), (200, b"[]"), (500, b"{}")])
def test_no_answer(published: Flask, side: type[Side], answer: tuple[int, bytes]) -> None:
    side.answer = answer
    with published.test_request_context("/"), pytest.raises(NoAnswer):
        ask("GET", "/device/doors", "t")

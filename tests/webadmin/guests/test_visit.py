"""The guest's page: opens, shows its codes, and says the same of whatever is wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from webadmin.db import writing
from webadmin.guests.service import Made, Wish, make, revoke
from webadmin.models import Site

HOUSE = "fjordgata.example"


class Pbx(HTTPServer):
    """The PBX's HTTP side: `answers` by path, `asked` bodies."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {
            "/guest/standing": {"uses": 2, "doors": [{"id": "front", "name": "Hoveddør"}]},
            "/guest/open": {"result": "opened"},
            "/guest/line": {"site": HOUSE, "username": "guest+1", "secret": "once", "user": "host"},
        }


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Pbx)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        answer = json.dumps(self.server.answers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def pbx(published: Flask) -> Iterator[Pbx]:
    server = Pbx()
    published.config["DOORLINE"].http.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def give(hours: float = 0.0, uses: int | None = 3) -> Made:
    start = datetime.now(UTC) + timedelta(hours=hours)
    wish = Wish("Bud", ("front",), start, start + timedelta(hours=2), uses, "kari")
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == HOUSE)).one()
        return make(session, site, wish, datetime.now(UTC))


def test_it_shows_doors_and_codes_and_opens(published: Flask, pbx: Pbx) -> None:
    made, client = give(), published.test_client()
    page = client.get(f"/g/{made.token}?lang=en")
    assert page.status_code == 200
    assert "Open Hoveddør" in page.text and "Openings left: 2." in page.text
    assert f"{made.pin[:3]} {made.pin[3:]}" in page.text and "<svg" in page.text
    assert "Bud" not in page.text and "Kari" not in page.text  # not whose guest, nor what he is called
    assert page.headers["Cache-Control"] == "no-store"
    answer = client.post(f"/g/{made.token}", data={"door": "front"})
    assert answer.status_code == 303
    assert pbx.asked[-1] == ("/guest/open", {"token": made.token, "door": "front"})
    assert "The door is open." in client.get(answer.headers["Location"] + "&lang=en").text


def test_refused_failed_away(published: Flask, pbx: Pbx) -> None:
    made, client = give(), published.test_client()
    pbx.answers["/guest/open"] = {"result": "denied"}
    answer = client.post(f"/g/{made.token}", data={"door": "back"})
    assert "outcome=denied" in answer.headers["Location"]
    published.config["DOORLINE"].http.port = 1
    answer = client.post(f"/g/{made.token}", data={"door": "front"})
    assert "outcome=away" in answer.headers["Location"]
    assert "Ring at the panel" in client.get(f"/g/{made.token}?lang=en").text


def test_too_early(published: Flask, pbx: Pbx) -> None:
    made = give(hours=1)
    page = published.test_client().get(f"/g/{made.token}?lang=en").text
    assert "It is too early" in page and "Open Hoveddør" not in page


def test_whatever_is_wrong_looks_the_same(published: Flask, pbx: Pbx) -> None:
    made, client = give(), published.test_client()
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == HOUSE)).one()
        revoke(session, site, made.ref, datetime.now(UTC))
    over = give(hours=-1.99)
    pages = []
    for token in (made.token, "x" * 22, "short", over.token[::-1]):
        page = client.get(f"/g/{token}?lang=en")
        assert page.status_code == 404
        pages.append(page.text.replace(token, ""))
        assert client.post(f"/g/{token}", data={"door": "front"}).status_code == 404
    assert len(set(pages)) == 1
    assert pbx.asked == []


def test_no_other_page_may_send_the_form(published: Flask, pbx: Pbx) -> None:
    made = give()
    answer = published.test_client().post(
        f"/g/{made.token}", data={"door": "front"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 400
    assert pbx.asked == []


def test_a_browser_gets_a_line_to_the_host(published: Flask, pbx: Pbx) -> None:
    made, client = give(), published.test_client()
    page = client.get(f"/g/{made.token}?lang=en")
    assert f'data-line="/g/{made.token}/line"' in page.text and "/app/guest.js" in page.text
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert " ws://localhost:" in page.headers["Content-Security-Policy"]
    answer = client.post(f"/g/{made.token}/line")
    assert answer.status_code == 200 and answer.json is not None
    assert answer.json["username"] == "guest+1" and answer.json["server"].endswith("/ws")
    assert answer.headers["Cache-Control"] == "no-store"
    assert pbx.asked[-1] == ("/guest/line", {"token": made.token})
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == HOUSE)).one()
        revoke(session, site, made.ref, datetime.now(UTC))
    pbx.asked.clear()
    assert client.post(f"/g/{made.token}/line").status_code == 403 and pbx.asked == []


def test_nobody_to_call_before_the_time(published: Flask, pbx: Pbx) -> None:
    made = give(hours=1)
    page = published.test_client().get(f"/g/{made.token}?lang=en")
    assert page.status_code == 200 and "data-line" not in page.text

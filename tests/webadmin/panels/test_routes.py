"""Panels and controllers in the browser."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from dialplan.rows import DeviceRow, PanelRow
from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, row, send
from webadmin.db import db
from webadmin.models import Device
from webadmin.pbx_link import PbxAway


class Pbx:
    """A PBX that knows one panel and restarts none."""

    away = False

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """One panel."""
        if self.away:
            raise PbxAway("x")
        here = {
            "Panel": "entrance",
            "Status": "Registered",
            "UserAgent": "Doorline 1.2",
            "Address": "192.0.2.1:5060",
        }
        return [here, {"Odd": ""}]

    def order(self, action: str, **fields: str) -> str:
        """Refused."""
        if self.away:
            raise PbxAway("x")
        return "Panels cannot be restarted from here yet"

    def running(self) -> None:
        """Not known."""

    def reload(self) -> None:
        """Nothing."""


def key_of(ref: str) -> int:
    return int(db.session.query(Device).filter_by(ref=ref, site_id=1).one().id)


def test_who_is_there_and_what_visitors_see(published: Flask) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    client = inside(published)
    page = client.get("/panels?lang=en").text
    assert page.count("is there") == 1 and page.count(">away<") == 1
    shown = client.get(f"/panels/{key_of('entrance')}?lang=en").text
    assert "Doorline 1.2" in shown and "What visitors see" in shown and "Nora Dahl" in shown
    pbx.away = True
    assert "not known just now" in client.get("/panels?lang=en").text
    for words in ("did not answer", "cannot be restarted"):
        path = f"/panels/{key_of('entrance')}"
        assert post(client, f"{path}/restart").status_code == 303
        assert words in client.get(f"{path}?lang=en").text
        pbx.away = False


@pytest.mark.parametrize("kind", ["panel", "controller"])
def test_a_new_one_gets_a_log_in_once(published: Flask, kind: str) -> None:
    client = inside(published)
    answer = send(client, "/panels/new", {"kind": kind, "name": "Bakgård"})
    assert answer.status_code == 200 and "shown this once" in answer.text
    assert re.search(r"Secret</dt><dd class=\"key\">[\w-]{20,}", answer.text)
    device = row("devices", "bakgard")
    assert isinstance(device, DeviceRow) and device.kind == kind
    assert (row("panels", "bakgard") is not None) == (kind == "panel")
    path = f"/panels/{key_of('bakgard')}"
    assert post(client, f"{path}/remove").headers["Location"] == "/panels"
    assert row("devices", "bakgard") is None


def test_order_and_digits_of_doors(published: Flask) -> None:
    client = inside(published)
    path = f"/panels/{key_of('entrance')}"
    moved = send(client, path, {"do": "down-doors-0"})
    assert moved.status_code == 200
    data = fields(moved.text)
    data["do"], data["doors-0-digits"], data["doors-1-digits"] = "save", "7, 8", "5"
    assert client.post(path, data=data).status_code == 303
    panel = row("panels", "entrance")
    assert isinstance(panel, PanelRow) and panel.doors == ("back", "front")
    assert [(key.digit, key.door) for key in panel.keys] == [("7", "back"), ("8", "back"), ("5", "front")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"doors-1-digits": "x"}, "ingen tast på en telefon"),
        ({"doors-0-digits": "6", "doors-1-digits": "6"}, "to ganger"),
        ({"talk_seconds": "3"}, "mellom 30 og 3600"),
        ({"number": "112"}, "nødnummer"),
        ({"building": "elsewhere"}, "Velg fra lista"),
        ({"doors-2-door": "glass"}, "Velg fra lista"),
        ({"name": "a\x07b"}, "vanlige bokstaver"),
    ],
)
def test_errors_in_norwegian(published: Flask, changes: dict[str, object], words: str) -> None:
    client = inside(published)
    answer = send(client, f"/panels/{key_of('entrance')}", changes, "nb")
    assert answer.status_code == 422 and words in answer.text and 'class="fault"' in answer.text


def test_a_controller_that_drives_doors_stays(published: Flask) -> None:
    client = inside(published)
    path = f"/panels/{key_of('house-controller')}"
    assert send(client, path, {"name": "Kjeller"}).status_code == 303
    assert post(client, f"{path}/remove").headers["Location"] == path
    assert "There is no device" in client.get(path).text
    assert client.get(f"/panels/{key_of('kari-app')}").status_code == 404

"""Service mode in the browser, before a PBX of the test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.webadmin.conftest import post
from tests.webadmin.pages import inside
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.models import AuditEntry, Device
from webadmin.pbx_link import PbxAway
from webadmin.service_mode import service

WATCHERS = ("caretaker@x.example", "house@x.example")
JPEG = b"\xff\xd8\xff" + bytes(50) + b"\xff\xd9"


class Pbx:
    """A PBX with one panel."""

    def __init__(self) -> None:
        self.mode: dict[str, str] = {}
        self.did: list[tuple[str, str]] = []
        self.why, self.away = "", False

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """Its panel."""
        if self.away:
            raise PbxAway("x")
        other = {"Panel": "another", "ServiceUntil": "2026-11-22T14:00:00+00:00"}
        return [other, {"Panel": "entrance", **self.mode}]

    def order(self, action: str, **fields: str) -> str:
        """Begin, end, or another picture."""
        if self.away:
            raise PbxAway("x")
        self.did.append((action, fields.get("Seconds", "")))
        until = {"ServiceUntil": "2026-11-22T14:05:00+00:00", "ServiceBy": f"webadmin: {fields['By']}"}
        self.mode = until if fields.get("Seconds") != "0" else {}
        return self.why

    def running(self) -> None:
        """Not known."""


def key_of(ref: str) -> int:
    return int(db.session.query(Device).filter_by(ref=ref, site_id=1).one().id)


def test_it_is_begun_seen_and_ended_and_all_of_it_is_audited(
    published: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    client, path = inside(published), f"/panels/{key_of('entrance')}/service"
    assert "Begin service mode" in client.get(f"{path}?lang=en").text
    assert client.get(f"{path}/picture").status_code == 404
    assert post(client, path, seconds="300").headers["Location"] == path
    page = client.get(f"{path}?lang=en").text
    assert "In service mode until 22 Nov 2026 15:05" in page and "Begun by eier@fjordgata.example" in page
    assert "does not say so yet" in page and "<img" not in page
    pbx.mode |= {"Announced": "Yes", "Picture": "1", "PictureTaken": "2026-11-22T14:01:00+00:00"}
    page = client.get(f"{path}?lang=en").text
    assert "The panel says so" in page and "Taken 22 Nov 2026 15:01" in page
    for found, status in ((JPEG, 200), (b"", 404)):
        monkeypatch.setattr(service, "picture", lambda domain, device, found=found: found)
        answer = client.get(f"{path}/picture")
        assert answer.status_code == status
    assert post(client, f"{path}/again").status_code == post(client, f"{path}/end").status_code == 303
    assert pbx.did == [("PanelService", "300"), ("PanelPicture", ""), ("PanelService", "0")]
    assert [row.action for row in db.session.query(AuditEntry)][-3:] == [
        "began service mode for 5 minutes",
        "took a picture in service mode",
        "ended service mode",
    ]
    assert "startet servicemodus i 5 minutter" in client.get("/audit?lang=nb").text


def test_who_looks_through_what_another_began_is_written_down(
    published: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    make_people()
    path = f"/panels/{key_of('entrance')}/service"
    admin, other = browser(published, "house@x.example"), browser(published, "caretaker@x.example")
    monkeypatch.setattr(service, "picture", lambda domain, device: JPEG)
    assert post(admin, path, seconds="300").status_code == 303
    assert admin.get(f"{path}/picture").status_code == other.get(f"{path}/picture").status_code == 200
    pbx.away = True
    assert admin.get(f"{path}/picture").status_code == 200, "nobody knows who began it"
    seen = [(row.who, row.action) for row in db.session.query(AuditEntry).order_by(AuditEntry.id)][-3:]
    saw = "saw a picture in service mode"
    assert seen[0][1].startswith("began") and seen[1:] == [(each, saw) for each in WATCHERS]
    for email in ("reception@x.example", "kari@x.example", "flat@x.example"):
        assert browser(published, email).get(f"{path}/picture").status_code in (403, 404), email


def test_what_goes_wrong_is_said_and_only_panels_have_it(published: Flask) -> None:
    pbx = published.extensions["doorline.pbx"] = Pbx()
    client, path = inside(published), f"/panels/{key_of('entrance')}/service"
    post(client, path, seconds="86400")
    assert pbx.did == [] and "Choose how long" in client.get(f"{path}?lang=en").text
    pbx.why = "not in service mode"
    post(client, f"{path}/again")
    assert "not in service mode any more" in client.get(f"{path}?lang=en").text
    pbx.away = True
    post(client, path, seconds="120")
    page = client.get(f"{path}?lang=en").text
    assert "did not answer" in page and "Nothing can be seen from here" in page
    assert client.get(f"/panels/{key_of('kari-phone')}/service").status_code == 404

"""Devices in the browser: made, set up, revoked; a secret is shown once."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask import Flask

from dialplan.rows import DeviceRow
from tests.webadmin.conftest import post
from tests.webadmin.pages import inside, row, send
from webadmin.db import db
from webadmin.models import Credential, Device, ProvisioningLink


def key_of(ref: str) -> int:
    return int(db.session.query(Device).filter_by(ref=ref, site_id=1).one().id)


def credential(ref: str) -> tuple[str, str, int]:
    db.session.rollback()
    found = db.session.query(Credential).filter_by(site="fjordgata.example", device=ref).one()
    return found.state, found.ha1, found.seq


@pytest.mark.parametrize(
    ("kind", "owner", "good"),
    [
        ("phone", "person:kari", True),
        ("station", "unit:h0101", True),
        ("phone", "building:fjordgata-12", True),
        ("app", "unit:h0101", False),
        ("phone", "person:nobody", False),
        ("phone", "", False),
        ("panel", "person:kari", False),
    ],
)
def test_a_new_device_has_one_owner(published: Flask, kind: str, owner: str, good: bool) -> None:
    client = inside(published)
    before = db.session.query(Device).count()
    answer = send(client, "/devices/new", {"kind": kind, "owner": owner, "name": "Ny <b>"})
    assert answer.status_code == (200 if good else 422)
    assert ("shown this once" in answer.text) == good and "<b>" not in answer.text.replace("<b></b>", "")
    assert db.session.query(Device).count() == before + good


def test_lists_and_filters(published: Flask) -> None:
    client = inside(published)
    assert "arne-phone" in client.get("/devices").text
    filtered = client.get("/devices?q=solveig").text
    assert "arne-phone" not in filtered and "solveig-phone" in filtered


def test_a_name_and_a_number(published: Flask) -> None:
    client = inside(published)
    path = f"/devices/{key_of('kari-phone')}"
    assert send(client, path, {"name": "Kjøkken", "number": "4711"}).status_code == 303
    device = row("devices", "kari-phone")
    assert isinstance(device, DeviceRow) and (device.name, device.number) == ("Kjøkken", "4711")
    answer = send(client, path, {"number": "110"}, "nb")
    assert answer.status_code == 422 and "nødnummer" in answer.text
    assert client.get(f"/devices/{key_of('entrance')}").status_code == 404


def test_a_lost_one_is_out_at_once_and_a_new_log_in_is_another(published: Flask) -> None:
    client = inside(published)
    path = f"/devices/{key_of('kari-phone')}"
    _, ha1, seq = credential("kari-phone")
    assert post(client, f"{path}/revoke-log-in").headers["Location"] == path
    assert credential("kari-phone")[0] == "revoked" and credential("kari-phone")[2] > seq
    sheet = post(client, f"{path}/log-in").text
    secret = re.search(r'<dd class="key">([\w-]{22})</dd>', sheet)
    assert (
        secret is not None and credential("kari-phone")[0] == "active" and credential("kari-phone")[1] != ha1
    )
    assert secret[1] not in client.get(path).text
    assert post(client, f"{path}/take-away").headers["Location"] == "/devices"
    assert row("devices", "kari-phone") is None


def test_a_file_that_linphone_takes(published: Flask) -> None:
    client = inside(published)
    answer = post(client, f"/devices/{key_of('kari-phone')}/file")
    assert answer.mimetype == "application/xml" and "attachment" in answer.headers["Content-Disposition"]
    entries = {
        each.get("name"): each.text for each in ElementTree.fromstring(answer.text).iter() if each.text
    }
    assert entries["username"] == "kari-phone" and entries["domain"] == "fjordgata.example"
    assert entries["reg_proxy"] == "<sip:localhost:5060;transport=tcp>"


def test_a_code_works_once_without_a_log_in(published: Flask) -> None:
    client = inside(published)
    page = post(client, f"/devices/{key_of('kari-phone')}/code").text
    path = re.search(r"http://localhost(/provision/[\w-]{20,})", page)
    assert path is not None and "<svg" in page
    _, ha1, _ = credential("kari-phone")
    phone = published.test_client()
    fetched = phone.get(path[1])
    assert fetched.status_code == 200 and "<entry" in fetched.text
    assert credential("kari-phone")[1] != ha1
    assert phone.get(path[1]).status_code == 404 and phone.get("/provision/x").status_code == 404
    assert db.session.query(ProvisioningLink).count() == 0


def test_a_panel_s_sheet_has_its_numbers_and_digits(published: Flask) -> None:
    client = inside(published)
    page = post(client, f"/devices/{key_of('entrance')}/log-in?lang=en").text
    assert "Numbers to put on its buttons" in page and "<strong>5</strong>" in page and "Nora Dahl" in page

"""Prompts in the browser: heard, replaced, given back; hostile uploads refused with a sentence."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.media.audio.sounds import sine
from tests.media.audio.test_build import mp3, wav
from tests.media.audio.test_own import HOSTILE
from tests.webadmin.conftest import post, token_of
from tests.webadmin.pages import inside
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.db import db
from webadmin.languages import NORWEGIAN
from webadmin.models import AuditEntry
from webadmin.prompts.service import FAULTS

ONE = "/prompts/nb/calling"


def upload(client: FlaskClient, data: bytes | None, lang: str = "en") -> TestResponse:
    """Send a file as a browser does; the client's own way leaves a large one open."""
    token = token_of(client.get("/me").text)
    parts = [b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode()]
    if data is not None:
        head = b'Content-Disposition: form-data; name="file"; filename="../../x.wav"\r\n'
        parts.append(head + b"Content-Type: audio/wav\r\n\r\n" + data)
    body = b"".join(b"--line\r\n" + part + b"\r\n" for part in parts) + b"--line--\r\n"
    return client.post(f"{ONE}?lang={lang}", data=body, content_type="multipart/form-data; boundary=line")


def test_the_owner_s_own_is_heard_and_ours_comes_back(published: Flask) -> None:
    client = inside(published)
    page = client.get("/prompts?lang=en")
    assert "Ringer. Vennligst vent." in page.text and ">your own<" not in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    ours = client.get(f"{ONE}/sound")
    assert ours.mimetype == "audio/wav" and ours.data[:4] == b"RIFF"
    own = mp3()
    assert upload(client, own).headers["Location"] == "/prompts"
    page = client.get("/prompts?lang=en")
    assert "heard from the next call on" in page.text and page.text.count(">your own<") == 1
    heard = client.get(f"{ONE}/sound", headers={"Range": "bytes=0-9"})
    assert (heard.status_code, heard.mimetype, heard.data) == (206, "audio/mpeg", own[:10])
    assert post(client, f"{ONE}/ours").status_code == 303
    assert client.get(f"{ONE}/sound").data == ours.data
    told = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)][-2:]
    assert told == ["replaced a prompt", "went back to our prompt"]


@pytest.mark.parametrize("name", [*HOSTILE, "long", "odd", "cut", "none"])
def test_a_hostile_upload_is_refused_in_norwegian(published: Flask, name: str) -> None:
    client = inside(published)
    others = {
        "long": wav(sine(440, 31, rate=8000), rate=8000),
        "odd": wav(sine(440, 1), rate=7000),
        "cut": wav(sine(440, 1))[:9000],
        "none": None,
    }
    answer = upload(client, HOSTILE[name] if name in HOSTILE else others[name], "nb")
    if name == "large":
        assert answer.status_code == 413 and "velg en mindre fil" in answer.text
    else:
        assert answer.status_code == 422
        assert any(NORWEGIAN[fault] in answer.text for fault in FAULTS.values())
    var = published.config["DOORLINE"].paths.var
    assert not [file for file in (var / "prompts").rglob("*") if file.name != ".lock"]


def test_what_is_not_there_and_what_is_just_too_large(published: Flask) -> None:
    client = inside(published)
    for path in ("/prompts/nb/none", "/prompts/xx/calling", "/prompts/../calling", "/prompts/nb/..%2Fx"):
        assert post(client, path).status_code == 404
        assert client.get(f"{path}/sound").status_code == 404
    answer = upload(client, b"RIFF" + bytes(5 << 20))
    assert answer.status_code == 422 and "larger than 5 MB" in answer.text


@pytest.mark.parametrize("email", ["house@x.example", "caretaker@x.example", "kari@x.example"])
def test_the_machine_s_prompts_are_the_system_owner_s(published: Flask, email: str) -> None:
    make_people()
    client = browser(published, email)
    assert client.get("/prompts").status_code == client.get(f"{ONE}/sound").status_code == 403
    assert upload(client, mp3()).status_code == post(client, f"{ONE}/ours").status_code == 403
    assert 'href="/prompts"' not in client.get("/me").text


def test_every_fault_is_known_in_norwegian() -> None:
    assert set(FAULTS.values()) <= NORWEGIAN.keys()

"""The page of settings says what holds, and its test e-mail really leaves."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from tests.webadmin.conftest import OWNER, post
from tests.webadmin.pages import inside
from tests.webadmin.people_of_two_houses import browser, make_people
from webadmin.post import NotSent, Post
from webadmin.settings import Mail


def test_the_owner_sees_what_holds_and_tries_the_mail(published: Flask, tmp_path: Path) -> None:
    client = inside(published)
    page = client.get("/settings?lang=en").text
    assert "doorline@localhost" in page and "after 12 hours" in page and "second_factor" in page
    before = set(tmp_path.glob("outbox/*.eml"))
    assert post(client, "/settings/mail").status_code == 303
    (letter,) = set(tmp_path.glob("outbox/*.eml")) - before
    assert f"To: {OWNER}" in letter.read_text()
    assert "lies in the directory outbox" in client.get("/settings?lang=en").text
    assert "sent a test e-mail" in client.get("/audit?lang=en").text


def test_a_mail_server_that_is_away_is_said(published: Flask, tmp_path: Path) -> None:
    class Away(Post):
        def send(self, to: str, subject: str, text: str) -> None:
            raise NotSent("ConnectionRefusedError")

    client = inside(published)
    published.extensions["doorline.post"] = Away(Mail(host="mail.example"), tmp_path)
    post(client, "/settings/mail")
    assert "did not leave: ConnectionRefusedError" in client.get("/settings?lang=en").text


def test_admins_see_no_addresses_and_send_nothing(published: Flask) -> None:
    make_people()
    admin = browser(published, "house@x.example")
    page = admin.get("/settings?lang=en").text
    assert "Second factor" in page and "doorline@localhost" not in page
    assert post(admin, "/settings/mail").status_code == 403
    assert browser(published, "caretaker@x.example").get("/settings").status_code == 403

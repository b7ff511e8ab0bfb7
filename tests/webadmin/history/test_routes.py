"""The history and undoing from it."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.conftest import log_in, post
from tests.webadmin.editing.test_changes import renamed
from tests.webadmin.people_of_two_houses import browser, make_people


def test_undoing_an_older_change_of_the_same_thing_is_explained(published: Flask) -> None:
    first, _ = renamed("En"), renamed("To")
    client = published.test_client()
    log_in(client)
    client.get("/?site=1")
    post(client, f"/history/{first.change_id}/undo")
    assert "Undo the later change first" in client.get("/history?lang=en").text


def test_only_who_may(published: Flask) -> None:
    make_people()
    done = renamed("En")
    assert post(browser(published, "office@x.example"), f"/history/{done.change_id}/undo").status_code == 404
    caretaker = browser(published, "caretaker@x.example")
    assert caretaker.get("/history").status_code == 403
    assert post(caretaker, f"/history/{done.change_id}/undo").status_code == 404
    assert post(browser(published, "house@x.example"), f"/history/{done.change_id}/undo").status_code == 303

"""The page that makes a code keeps to its admin's houses and to what is paired by one."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.conftest import log_in, post
from tests.webadmin.people_of_two_houses import browser, make_people
from tests.webadmin.resident.test_pairing import code_on, key_of


def test_a_code_is_shown_once_as_letters_and_picture(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    path = f"/pairing/{key_of('entrance')}"
    made = post(client, path)
    code = code_on(made.text)
    assert "<svg" in made.text and code not in client.get(path).text
    controller = post(client, f"/pairing/{key_of('house-controller')}").text
    assert code_on(controller) and "/kiosk/" not in controller


def test_nobody_pairs_another_house_s_panel_or_a_phone(published: Flask) -> None:
    make_people()
    other = browser(published, "office@x.example")
    assert other.get(f"/pairing/{key_of('entrance')}").status_code == 404
    assert post(other, f"/pairing/{key_of('entrance')}").status_code == 404
    own = browser(published, "house@x.example")
    assert own.get(f"/pairing/{key_of('kari-app')}").status_code == 404

"""Doors made, changed and removed in the browser."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from dialplan.rows import DoorRow, PanelRow, RuleRow
from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, row, send
from webadmin.db import db
from webadmin.models import Door, PlanRevision, SiteChange

NEW = {"name": "Garasje", "controller": "house-controller", "relay": "garage"}


def key_of(ref: str) -> int:
    return int(db.session.query(Door).filter_by(ref=ref).one().id)


def test_a_new_door_stands_at_a_panel_and_opens_for_the_building(published: Flask) -> None:
    client = inside(published)
    assert send(client, "/doors/new", {**NEW, "panels": ["entrance"]}).headers["Location"] == "/doors"
    door, panel, rule = row("doors", "garasje"), row("panels", "entrance"), row("rules", "garasje")
    assert isinstance(door, DoorRow) and (door.relay, door.driver, door.lockdown) == ("garage", "agent", None)
    assert isinstance(panel, PanelRow) and panel.doors[-1] == "garasje"
    assert isinstance(rule, RuleRow) and rule.buildings == (door.building,)
    assert "is saved." in client.get("/doors?lang=en").text


def test_gate_then_lobby_is_drawn_saved_and_moved(published: Flask) -> None:
    client = inside(published)
    key = key_of("front")
    path = f"/doors/{key}/edit"
    drawn = send(client, path, {"then-0-door": "back", "then-0-delay": "7", "do": "more-then-0"})
    assert (
        drawn.status_code == 200 and "after 7 s" in drawn.text and db.session.query(SiteChange).count() == 0
    )
    data = fields(drawn.text)
    assert client.post(path, data=data).headers["Location"] == f"/doors/{key}"
    front = row("doors", "front")
    assert isinstance(front, DoorRow) and [(each.door, each.delay) for each in front.then] == [("back", 7)]
    page = client.get(f"/doors/{key}?lang=en").text
    assert '<svg class="timeline way"' in page and "after 7 s" in page


@pytest.mark.parametrize(
    ("changes", "field", "nb"),
    [
        ({"relay": "back"}, "relay", "har samme utgang"),
        ({"escape_route": "y", "fail": "secure", "exit_hardware": None}, "fail", "strømbrudd"),
        (
            {"escape_route": "y", "fail": "safe", "lockdown": "yes", "exit_hardware": None},
            "lockdown",
            "sperring",
        ),
        ({"driver": "http"}, "address", "ingen adresse"),
        ({"driver": "mqtt", "address": "a/#"}, "address", "ikke noe emne"),
        ({"driver": "panel_digit", "relay": "0#"}, "controller", "Bare en porttelefon"),
        ({"open_seconds": "soon"}, "open_seconds", "hele sekunder"),
        ({"open_seconds": "61"}, "open_seconds", "mellom 1 og 60"),
        ({"name": ""}, "name", "Fyll ut"),
        ({"building": "elsewhere"}, "building", "Velg fra lista"),
        ({"interlock": ["nowhere"]}, "interlock", "Velg fra lista"),
        ({"contact": "x" * 65}, "contact", "for langt"),
    ],
)
def test_errors_stand_at_the_field_in_both_languages(
    published: Flask, changes: dict[str, object], field: str, nb: str
) -> None:
    client = inside(published)
    path = f"/doors/{key_of('front')}/edit"
    for language in ("nb", "en"):
        answer = send(client, path, changes, language)
        assert answer.status_code == 422
        name = re.escape(field)
        block = re.search(rf'name="{name}".*?class="fault"[^>]*>(.*?)</p>', answer.text, re.S)
        assert block is not None, answer.text
        assert (nb in block[1]) == (language == "nb")
    assert db.session.query(PlanRevision).filter_by(site="fjordgata.example").count() == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"then-0-door": "front", "then-0-delay": "0"}, "listed twice"),
        ({"then-0-door": "back", "then-0-delay": "301"}, "choose from 0 to 300"),
        ({"then-0-door": "back", "then-0-delay": "x"}, "whole seconds"),
        ({"then-0-door": "glass", "then-0-delay": "1"}, "Choose from the list"),
    ],
)
def test_errors_of_the_way_in(published: Flask, line: dict[str, object], words: str) -> None:
    client = inside(published)
    answer = send(client, f"/doors/{key_of('front')}/edit", line)
    assert answer.status_code == 422 and words in answer.text


def test_the_second_of_two_is_told_and_loses_nothing(published: Flask) -> None:
    client = inside(published)
    path = f"/doors/{key_of('front')}/edit"
    mine = fields(client.get(path).text)
    assert send(client, path, {"open_seconds": 9}).status_code == 303
    mine["name"] = "Min dør"
    answer = client.post(f"{path}?lang=en", data=mine)
    assert answer.status_code == 422 and "Somebody else changed this" in answer.text
    assert 'value="Min dør"' in answer.text
    assert client.post(path, data=fields(answer.text)).status_code == 303


def test_a_door_goes_from_everywhere(published: Flask) -> None:
    client = inside(published)
    key = key_of("back")
    send(client, f"/doors/{key_of('front')}/edit", {"then-0-door": "back", "then-0-delay": 1})
    assert post(client, f"/doors/{key}/remove").headers["Location"] == "/doors"
    panel, front = row("panels", "entrance"), row("doors", "front")
    assert row("doors", "back") is None
    assert isinstance(panel, PanelRow) and "back" not in panel.doors
    assert isinstance(front, DoorRow) and front.then == ()
    assert client.get("/doors/999/edit").status_code == 404
    assert post(client, "/doors/999/remove").status_code == 404

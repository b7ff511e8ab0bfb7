"""What a panel shows: names of now, flats to search by, the caretaker's key; nobody hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from dialplan.rows import SiteRows
from pbx.web.panel_directory import directory_of
from webadmin.publishing.files import check_files

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def house() -> SiteRows:
    (declared,) = check_files([Path(__file__).parents[3] / "config/sites/fjordgata.toml"])
    return declared.rows


def shown(rows: SiteRows, at: datetime = AT) -> tuple[Any, str]:
    plan = compile_plan(rows)
    assert isinstance(plan, DialPlan)
    found = directory_of(plan, "entrance", at, lambda site, device: True)
    assert found is not None
    return json.loads(found.body), found.etag


def test_the_house() -> None:
    content, etag = shown(house())
    labels = [button["label"] for button in content["buttons"]]
    assert len(labels) == len(set(labels)) >= 10 and etag.startswith('"')
    kinds = {button["id"]: button["kind"] for button in content["buttons"]}
    assert kinds["berg-button"] == "simultaneous" and kinds["board-button"] == "grouped"
    assert kinds["neighbours-button"] == "sequential"
    board = next(button for button in content["buttons"] if button["id"] == "board-button")
    assert len(board["people"]) == 3
    assert content["caretaker"] is not None and content["languages"] == ["nb", "en"]
    assert [door["id"] for door in content["doors"]] == ["front", "back"] and content["codes"] is True
    flats = {button["flat"] for button in content["buttons"] if button["kind"] == "individual"}
    assert None not in flats


def test_the_panel_says_how_long_and_about_its_camera() -> None:
    content, _ = shown(house())
    assert content["idle_seconds"] == 20 and content["camera_notice"] == ""
    rows = house()
    panels = tuple(replace(each, idle_seconds=60, camera_notice="Filmes ikke.") for each in rows.panels)
    content, _ = shown(replace(rows, panels=panels))
    assert content["idle_seconds"] == 60 and content["camera_notice"] == "Filmes ikke."


@pytest.mark.parametrize(
    "name",
    ["</script><img src=x onerror=alert(1)>", "'\";--", "{{7*7}} ${7*7}", "\\", "&lt;", "☎ 112", "ل" * 64],
)
def test_a_hostile_name_is_a_name(name: str) -> None:
    rows = house()
    people = tuple(replace(each, name=name, alias="") if each.id == "kari" else each for each in rows.people)
    content, _ = shown(replace(rows, people=people))
    (button,) = [each for each in content["buttons"] if each["label"] == name]
    assert button["user"].isascii() and button["user"].replace("-", "").isalnum(), "nothing of it is dialled"
    assert {each["label"] for each in content["buttons"]} > {name}, "the others stand beside it"


@pytest.mark.parametrize("name", ["Kari\u202eira", "Ka\x1b[2Jri", "Kari\nOla", "K" * 65, "\u200b"])
def test_a_name_that_hides_something_is_none(name: str) -> None:
    rows = house()
    people = tuple(replace(each, name=name) if each.id == "kari" else each for each in rows.people)
    assert isinstance(compile_plan(replace(rows, people=people)), list)


def test_the_caretaker_is_who_is_said_to_be() -> None:
    rows = house()
    nobody = tuple(replace(each, caretaker=False) for each in rows.buttons)
    content, _ = shown(replace(rows, buttons=nobody))
    assert content["caretaker"] is None
    chosen = tuple(replace(each, caretaker=each.id == "board-button") for each in rows.buttons)
    content, _ = shown(replace(rows, buttons=chosen))
    assert content["caretaker"]["user"] == "board-button"


def test_who_hides_is_gone_until_then() -> None:
    until = AT + timedelta(hours=2)
    rows = house()
    people = tuple(replace(each, hidden=until) if each.id == "per" else each for each in rows.people)
    hidden, one = shown(replace(rows, people=people))
    assert "Per" not in json.dumps(hidden)
    back, other = shown(replace(rows, people=people), until)
    assert "Per" in json.dumps(back) and one != other


def test_nobody_else_has_one() -> None:
    plan = compile_plan(house())
    assert isinstance(plan, DialPlan)
    for device in ("kari-app", "house-controller", "nothing"):
        assert directory_of(plan, device, AT, lambda site, device: False) is None

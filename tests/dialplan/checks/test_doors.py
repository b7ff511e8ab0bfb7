"""What drives a door, which digit opens it, and that nobody is trapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialplan.checks.doors import doors, escape_routes, panels, ways
from dialplan.rows import DeviceRow, KeyRow, SiteRows, ThenRow
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (doors, ways, panels, escape_routes):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    ("id_", "changes", "field", "message"),
    [
        ("front", {"open_seconds": 0}, "open_seconds", "the open time is 0"),
        ("front", {"open_seconds": 61}, "open_seconds", "the open time is 61"),
        ("front", {"controller": "kari-app"}, "controller", "a device of kind 'app' drives no door"),
        ("front", {"driver": "panel_digit", "relay": "5"}, "controller", "only a panel has an open digit"),
        ("garage", {"relay": "open"}, "relay", "these are no digits"),
        ("front", {"relay": ""}, "relay", "the name is missing"),
        ("gate", {"relay": "1"}, "relay", "the door 'front' has the same output"),
        ("gate", {"interlock": ("gate",)}, "interlock", "the door waits for itself"),
        ("gate", {"left_open_seconds": 4}, "left_open_seconds", "the time it may stand open is 4"),
        ("gate", {"contact": " "}, "contact", "the name begins or ends with a space"),
        ("gate", {"driver": "http", "address": "file:///etc"}, "address", "this is no URL"),
        ("gate", {"driver": "http", "address": "http://u:p@relay/"}, "address", "this is no URL"),
        ("gate", {"driver": "mqtt", "address": "gate/#"}, "address", "this is no topic"),
        ("gate", {"address": "http://relay/"}, "address", "the driver 'agent' has no address"),
        ("garage", {"hold": "work"}, "hold", "the driver 'panel_digit' cannot hold a door open"),
    ],
)
def test_doors(id_: str, changes: dict[str, Any], field: str, message: str) -> None:
    assert said(doors, changed(house(), "doors", id_, **changes)) == [(f"doors/{id_}/{field}", message)]


@pytest.mark.parametrize(
    ("then", "place", "message"),
    [
        ((ThenRow("gate"),), "", "the door 'gate' is listed twice"),
        ((ThenRow("front"), ThenRow("front")), "", "the door 'front' is listed twice"),
        ((ThenRow("moon"),), "/0/door", "there is no door 'moon'"),
        ((ThenRow("front", 301),), "/0/delay", "the delay is 301"),
        ((ThenRow("front", -1),), "/0/delay", "the delay is -1"),
    ],
)
def test_ways(then: tuple[ThenRow, ...], place: str, message: str) -> None:
    spoilt = changed(house(), "doors", "gate", then=then)
    assert said(ways, spoilt) == [(f"doors/gate/then{place}", message)]


@pytest.mark.parametrize("seconds", [1, 60])
def test_open_times(seconds: int) -> None:
    assert said(doors, changed(house(), "doors", "gate", open_seconds=seconds)) == []


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"talk_seconds": 29}, "talk_seconds", "the talk time is 29"),
        ({"keys": (KeyRow("55", "gate"),)}, "keys/0/digit", "this is no key of a telephone"),
        (
            {"keys": (KeyRow("8", "garage"),)},
            "keys/0/door",
            "the digit opens 'garage', which is no door of this panel",
        ),
        ({"keys": (KeyRow("8", ""),)}, "keys/0/door", "the digit opens '', which is no door of this panel"),
        ({"keys": (KeyRow("8", "gate"), KeyRow("8", "front"))}, "keys", "the digit '8' is listed twice"),
    ],
)
def test_panels(changes: dict[str, Any], field: str, message: str) -> None:
    rows = changed(house(), "panels", "panel-front", **changes)
    assert said(panels, rows) == [(f"panels/panel-front/{field}", message)]


def test_a_panel_is_a_panel_and_every_panel_is_described() -> None:
    found = said(panels, changed(house(), "panels", "panel-front", device="kari-app"))
    assert found == [
        ("panels/kari-app/device", "this device is no panel"),
        ("devices/panel-front", "this panel is not described"),
    ]
    more = replace(house(), devices=(*house().devices, DeviceRow("panel9", "panel", building="fjordgata5")))
    assert said(panels, more) == [("devices/panel9", "this panel is not described")]


def escape(**changes: Any) -> SiteRows:
    return changed(house(), "doors", "front", **{"exit_hardware": False, "fail": "safe", **changes})


@pytest.mark.parametrize(
    ("changes", "field", "what"),
    [
        ({"lockdown": True}, "lockdown", "a lockdown would lock"),
        ({"interlock": ("gate",)}, "interlock", "an interlock could hold"),
        ({"fail": "secure"}, "fail", "a power failure would lock"),
    ],
)
def test_nothing_may_shut_an_escape_route(changes: dict[str, Any], field: str, what: str) -> None:
    message = f"{what} an escape route that has no exit hardware of its own"
    assert said(escape_routes, escape(**changes)) == [(f"doors/front/{field}", message)]
    assert said(escape_routes, escape(exit_hardware=True, **changes)) == []
    assert said(escape_routes, escape(escape_route=False, **changes)) == []


def test_an_escape_route_that_opens_by_itself_is_safe() -> None:
    assert said(escape_routes, escape()) == []
    assert said(escape_routes, escape(lockdown=False)) == []

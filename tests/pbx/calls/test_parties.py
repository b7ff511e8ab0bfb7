"""How a call's beginning is told."""

from __future__ import annotations

from dialplan.resolve import resolve
from dialplan.route import Route
from pbx.calls.parties import Caller, call_started
from tests.support.exchange import Exchange


def test_what_is_told() -> None:
    world = Exchange()
    plan = world.plans["story.example"]
    route = resolve(plan, "gate", "kari", world.at)
    assert isinstance(route, Route)
    told = call_started(Caller(plan.site, "c", "l", "gate", "kari"), route)
    assert (told.label, told.panel, told.originated) == ("Kari", "gate", False)

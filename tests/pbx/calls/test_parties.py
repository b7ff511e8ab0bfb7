"""How a call's beginning is told, and what media are told of the end of a leg."""

from __future__ import annotations

from dialplan.resolve import resolve
from dialplan.route import Route
from pbx.calls.parties import Caller, call_started, leg_role
from tests.support.exchange import Exchange, plan_of, story_rows


def test_what_is_told() -> None:
    world = Exchange()
    plan = world.plans["story.example"]
    route = resolve(plan, "gate", "kari", world.at)
    assert isinstance(route, Route)
    told = call_started(Caller(plan.site, "c", "l", "gate", "kari"), route)
    assert (told.label, told.panel, told.originated) == ("Kari", "gate", False)


def test_a_controller_and_a_stranger_are_telephones_to_media() -> None:
    plan = plan_of(story_rows())
    roles = [leg_role(plan.device(name)) for name in ("gate", "kari-phone", "controller", "nobody")]
    assert roles == ["panel", "phone", "phone", "phone"]

"""A runner lets go of everything when its call is over."""

from __future__ import annotations

from pbx.sip import events as sip
from tests.support.exchange import Exchange, story_rows


def test_a_plan_without_devices_rings_nobody() -> None:
    world = Exchange(story_rows())
    gate = world.phone("gate")
    world.call(gate, "all")
    assert gate.take(sip.Refused).status == 480
    assert world.media.did[-1] == "close"

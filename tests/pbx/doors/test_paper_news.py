"""Agents of a site whose passes changed are told, and nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from dialplan.passes import Pass
from dialplan.rows import DoorRow
from pbx.doors.paper_news import CONTENT_TYPE, LOCKDOWN, PaperNews
from pbx.facts import Registered
from pbx.sip import events as sip
from tests.support.exchange import SITE, Exchange, story_rows


def test_each_change_is_told_once() -> None:
    world = Exchange()
    gate, controller = world.phone("gate"), world.phone("controller")
    for binding in world.location.find(SITE, "gate"):
        binding.user_agent = "Doorline intercom"
    news = PaperNews(
        world.engine, world.location, world.plans, world.doorkeeper, lambda: world.now
    )
    held = Pass("p1", "", ("front",), world.at, world.at + timedelta(hours=1), None, "aa", "bb")
    assert news.changed({SITE: [held]}, world.now) == 1
    world.settle()
    asked = gate.take(sip.RequestReceived)
    assert asked.request.headers.get("Content-Type") == CONTENT_TYPE
    assert not controller.was_told(sip.RequestReceived)  # no agent of ours
    assert news.changed({SITE: [held], "other.example": [held]}, world.now) == 0
    assert news.changed({SITE: [replace(held, uses=1)]}, world.now) == 1
    assert news.changed({}, world.now) == 1


def test_lockdowns_reach_the_agent_at_once_and_when_it_comes() -> None:
    front = DoorRow("front", "Front", "house", "controller", "r1", lockdown=True)
    world = Exchange(story_rows(doors=(front,)))
    controller = world.phone("controller")
    for binding in world.location.find(SITE, "controller"):
        binding.user_agent = "Doorline intercom"
    news = PaperNews(
        world.engine, world.location, world.plans, world.doorkeeper, lambda: world.now
    )
    world.feed.subscribe(news.heard)

    def told() -> dict[str, float]:
        world.settle()
        request = controller.take(sip.RequestReceived).request
        assert request.headers.get("Content-Type") == LOCKDOWN
        found: dict[str, float] = json.loads(request.body)["doors"]
        return found

    assert world.doorkeeper.lock_down(SITE, ["front"], 60, "me")[0] == ["front"]
    assert told() == {"front": world.at.timestamp() + 60}
    world.feed.publish(next(fact for fact in world.saw(Registered) if fact.device == "controller"))
    assert told() == {"front": world.at.timestamp() + 60}
    world.doorkeeper.lift(SITE, ["front"], "me")
    assert told() == {}

"""Agents of a site whose passes changed are told, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialplan.passes import Pass
from pbx.doors.paper_news import CONTENT_TYPE, PaperNews
from pbx.sip import events as sip
from tests.support.exchange import SITE, Exchange


def test_each_change_is_told_once() -> None:
    world = Exchange()
    gate, controller = world.phone("gate"), world.phone("controller")
    for binding in world.location.find(SITE, "gate"):
        binding.user_agent = "Doorline intercom"
    news = PaperNews(world.engine, world.location, world.plans)
    held = Pass("p1", "", ("front",), world.at, world.at + timedelta(hours=1), None, "aa", "bb")
    assert news.changed({SITE: [held]}, world.now) == 1
    world.settle()
    asked = gate.take(sip.RequestReceived)
    assert asked.request.headers.get("Content-Type") == CONTENT_TYPE
    assert not controller.was_told(sip.RequestReceived)  # no agent of ours
    assert news.changed({SITE: [held], "other.example": [held]}, world.now) == 0
    assert news.changed({SITE: [replace(held, uses=1)]}, world.now) == 1
    assert news.changed({}, world.now) == 1

"""Panels that fetched a directory hear when it is another."""

from __future__ import annotations

import json
from datetime import timedelta

from dialplan import rows
from pbx.facts import PlanLoaded
from pbx.web.panel_news import CONTENT_TYPE, PanelNews
from tests.support.exchange import SITE, Exchange, plan_of, story_rows


def world_with_news() -> tuple[Exchange, PanelNews]:
    world = Exchange()
    return world, PanelNews(world.engine, world.location, world.plans, lambda: world.at)


def fetch(world: Exchange, news: PanelNews) -> str:
    found = news.directory(SITE, "gate")
    assert found is not None
    news.fetched(SITE, "gate", found.etag, world.now)
    return found.etag


def test_a_new_plan_is_told_to_who_fetched_and_only_when_it_matters() -> None:
    world, news = world_with_news()
    gate = world.phone("gate")
    before = fetch(world, news)
    for label, told in (("", 0), ("Familien Berg", 1)):
        button = rows.ButtonRow("kari-button", person="kari", label=label)
        others = tuple(each for each in story_rows().buttons if each.id != "kari-button")
        world.plans.run(plan_of(story_rows(buttons=(*others, button), revision=2)))
        news.heard(PlanLoaded(SITE, 2))
        assert news.next_deadline() == 0.0
        news.handle_timeout(world.now)
        world.settle()
        messages = gate.requests("MESSAGE")
        # the order of buttons is part of a directory: moving kari's last is told too
        assert len(messages) == told + 1
    assert messages[-1].headers.get("Content-Type") == CONTENT_TYPE
    found = news.directory(SITE, "gate")
    assert found is not None and json.loads(messages[-1].body)["etag"] == found.etag != before
    news.handle_timeout(world.now + 60)
    world.settle()
    assert len(gate.requests("MESSAGE")) == 2


def test_time_alone_brings_a_name_back() -> None:
    world, news = world_with_news()
    until = world.at + timedelta(minutes=1)
    people = tuple(rows.PersonRow(who, who.title(), unit="one", hidden=until) for who in ("kari", "ola"))
    world.plans.run(plan_of(story_rows(people=people)))
    gate = world.phone("gate")
    fetch(world, news)
    world.at = until
    due = news.next_deadline()
    assert due is not None
    news.handle_timeout(due)
    world.settle()
    assert len(gate.requests("MESSAGE")) == 1


def test_a_panel_that_never_fetched_or_is_gone_is_left_alone() -> None:
    world, news = world_with_news()
    gate = world.phone("gate")
    news.heard(PlanLoaded(SITE, 1))
    assert news.next_deadline() is None
    fetch(world, news)
    world.plans.forget(SITE)
    news.handle_timeout(1e9)
    world.settle()
    assert gate.requests("MESSAGE") == [] and news.stats()["followed"] == 0

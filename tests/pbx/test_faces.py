"""The parts are joined: a panel that fetched hears of a new plan."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession

from pbx.auth.account import Credential
from pbx.auth.bearer import Bearers, token_of
from pbx.faces import Faces
from pbx.facts import PlanLoaded
from pbx.web.service_mode import ServiceModes
from tests.support.exchange import SITE, Exchange, plan_of, story_rows
from tests.support.web import web_house

GATE = Credential(SITE, "gate", "gate", "0123456789abcdef" * 2)


class Book:
    def of_device(self, site: str, device: str) -> Credential | None:
        return GATE if (site, device) == (SITE, "gate") else None


class Driver:
    """Keeps what was attached to it."""

    def __init__(self, world: Exchange) -> None:
        self.clock = lambda: world.now
        self.timed: list[Any] = []
        self.attach = self.timed.append

    def touch(self) -> None:
        """Nothing to arm."""


async def test_who_fetched_hears_of_a_new_plan() -> None:
    world = Exchange()
    gate = world.phone("gate")
    driver: Any = Driver(world)
    modes = ServiceModes(lambda: world.at, lambda: world.now, world.switchboard.visited)
    book = Book()
    who = Bearers(book)
    faces = Faces(
        world.switchboard, driver, book, who, lambda: world.at, lambda site, device: False, [], modes
    )
    async with web_house(routes=faces.pages.routes()) as house, ClientSession() as client:
        headers = {"Authorization": f"Bearer {token_of(GATE)}"}
        async with client.get(f"{house.url}/panels/directory", headers=headers) as answer:
            assert answer.status == 200
    world.plans.run(plan_of(story_rows(buttons=story_rows().buttons[:1])))
    world.feed.publish(PlanLoaded(SITE, 2))
    (timed,) = driver.timed
    timed.handle_timeout(world.now)
    world.settle()
    assert len(gate.requests("MESSAGE")) == 1
    modes.begin(SITE, "gate", 60, "op")
    timed.handle_timeout(world.now)
    world.settle()
    assert len(gate.requests("MESSAGE")) == 2

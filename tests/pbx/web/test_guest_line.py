"""A line for a guest's browser by HTTP: for who has the link, few, and otherwise refused alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aiohttp import ClientSession

from pbx.auth.guests import MOST, GuestLines
from pbx.web.guest_line import GuestLinePage
from tests.pbx.doors.test_code_messages import TOKEN, House
from tests.support.exchange import SITE
from tests.support.web import web_house


async def test_a_line_for_who_has_the_link() -> None:
    house = House()
    world = house.world
    ((held,),) = house.desk._passes.values()
    house.desk.take({SITE: [replace(held, host="kari")]}, frozenset({(SITE, held.id)}))
    lines = GuestLines(world.book, world.token)
    turns: list[float | None] = []
    page = GuestLinePage(
        house.desk, lines, lambda: world.at, lambda: world.now, lambda: turns.append(lines.next_deadline())
    )
    async with web_house(routes=page.routes()) as web, ClientSession() as client:

        async def ask(body: Any) -> tuple[int, Any]:
            async with client.post(f"{web.url}/guest/line", json=body) as answer:
                return answer.status, await answer.json()

        denied = (403, {"result": "denied"})
        wrong: tuple[Any, ...] = ({}, [], {"token": 1}, {"token": "x" * 200}, {"token": TOKEN[::-1]})
        for body in wrong:
            assert await ask(body) == denied
        made = [await ask({"token": TOKEN}) for _ in range(MOST + 1)]
        assert [status for status, _ in made] == [200] * MOST + [403]
        assert None not in turns and len(turns) >= MOST, "whoever keeps the time is told"
        last = made[MOST - 1][1]
        assert last["site"] == SITE and last["user"] == "host" and last["secret"]
        assert lines.find(SITE, last["username"]) is not None
    await house.messages.close()

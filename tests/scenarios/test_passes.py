"""Passes from end to end: a code at the panel, a link without an app, counted, revoked within five seconds;
then the network is cut: papers open, every event arrives once, an agent that was killed trusts no clock."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from flask import Flask
from sqlalchemy import select

from tests.scenarios.test_operator_watches import login
from tests.support.ami import Operator, operator
from tests.support.ports import free_port
from tests.support.soon import soon
from tests.support.system import ROOT, Program, System, system
from webadmin.app import create_app
from webadmin.db import db, writing
from webadmin.guests import service
from webadmin.guests.service import Made, Wish
from webadmin.models import Site
from webadmin.settings import Database, Paths, Settings

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

SITE = "pass.example"


class House:
    """The running system, and what people do there."""

    def __init__(self, doorline: System, client: ClientSession, web: int, kiosk: int) -> None:
        self.doorline, self.client = doorline, client
        self.web, self.kiosk = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{kiosk}"
        url = doorline.environment["DOORLINE_DATABASE__ADMIN_URL"]
        self._app: Flask = create_app(
            Settings(database=Database(admin_url=url), paths=Paths(var=doorline.var))
        )

    def give(self, *doors: str, uses: int | None = None, hours: float = 2) -> Made:
        now = datetime.now(UTC)
        wish = Wish("Guest", doors, now - timedelta(minutes=1), now + timedelta(hours=hours), uses, "kari")
        with self._app.app_context(), writing() as session:
            return service.make(session, self._site(), wish, now)

    def revoke(self, made: Made) -> None:
        with self._app.app_context(), writing() as session:
            assert service.revoke(session, self._site(), made.ref, datetime.now(UTC))

    def close(self) -> None:
        with self._app.app_context():
            db.session.remove()
            db.engine.dispose()

    async def type(self, code: str) -> dict[str, Any]:
        async with self.client.post(f"{self.kiosk}/local/code", json={"code": code}) as answer:
            assert answer.status == 200
            found: dict[str, Any] = await answer.json()
            return found

    async def page(self, token: str, door: str = "") -> tuple[int, str]:
        method, data = ("POST", {"door": door}) if door else ("GET", None)
        async with self.client.request(method, f"{self.web}/g/{token}?lang=en", data=data) as answer:
            return answer.status, await answer.text()

    async def known(self, made: Made) -> bool:
        """Whether the PBX has heard of a pass; asked where a wrong code costs nothing."""
        return "Open Gate" in (await self.page(made.token))[1]

    def _site(self) -> Site:
        return db.session.scalars(select(Site).where(Site.domain == SITE)).one()


@asynccontextmanager
async def house(var: Path) -> AsyncIterator[tuple[House, Program, Path]]:
    web, kiosk = free_port(), free_port()
    settings = {"WEBADMIN__PORT": str(web), "WEBADMIN__TLS_HOST": "", "WEBADMIN__WORKERS": "1"}
    async with (
        system(var, ROOT / "tests/data/sites/pass.toml", **settings) as doorline,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
    ):
        lived = House(doorline, client, web, kiosk)
        await doorline.start("webadmin", "-m", "webadmin", "serve")

        async def answers() -> bool:
            async with client.get(f"{lived.web}/health") as answer:
                return answer.status == 200

        await soon(answers, 40)
        more = (
            f"[kiosk]\nport = {kiosk}\n[documents]\npasses = \"{lived.web}/api/v1/panel/passes\"\n"
            f'pass_key_file = "{var}/keys/pass_ed25519.pub"\n'
        )
        agent = await doorline.start_agent(SITE, "panel", ["gate", "flat"], more=more)
        try:
            yield lived, agent, var / "agent-panel" / "intercom.toml"
        finally:
            lived.close()


async def opened(client: Operator) -> dict[str, Any]:
    while True:
        event = await client.event("UserEvent")
        if event["UserEvent"] == ["DoorOpened"]:
            return event


async def test_from_the_first_code_to_a_cut_network(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with house(tmp_path) as (lived, agent, file):
        guest, once = lived.give("gate"), lived.give("gate", "flat", uses=1)
        assert (await lived.type("000000"))["result"] == "denied"
        await soon(lambda: lived.known(guest))
        await soon(lambda: lived.known(once))
        assert await lived.type(guest.pin) == {"result": "opened", "door": "Gate"}
        await agent.says(r"edge relay=gate on=1")
        await agent.says(r"edge relay=gate on=0")
        link = service.share_link("https://door.example", guest.token)
        assert await lived.type(link) == {"result": "opened", "door": "Gate"}

        # The page of a link: opens, counts, and then nothing is left of a pass for one opening.
        start = len(agent.lines)
        status, text = await lived.page(once.token)
        assert status == 200 and "Openings left: 1." in text and "Flat 1" in text
        status, text = await lived.page(once.token, "flat")
        assert status == 200 and "The door is open." in text, text
        await agent.says(r"edge relay=flat on=1", after=start)
        assert (await lived.type(once.pin))["result"] == "denied"
        assert "This door cannot be opened now." in (await lived.page(once.token, "gate"))[1]

        # Revoked: dead within five seconds by code, by QR code and by link.
        await agent.says(r"papers=1", seconds=30)  # the counted one has none
        lived.revoke(guest)
        revoked = asyncio.get_running_loop().time()

        async def dead() -> bool:
            return await lived.type(link) == {"result": "denied"}

        await soon(dead, 30)
        record_property("seconds from revoked to dead", asyncio.get_running_loop().time() - revoked)
        assert (await lived.page(guest.token))[0] == 404
        await _cut_off(lived, agent, file)
        with closing(sqlite3.connect(tmp_path / "pbx.db")) as database:
            assert database.execute("SELECT pass, used FROM pass_use").fetchall() == [(once.ref, 1)]


async def _cut_off(lived: House, agent: Program, file: Path) -> None:
    start = len(agent.lines)
    doorline, known, locked = lived.doorline, lived.give("gate"), lived.give("flat")
    assert doorline.pbx is not None

    async def online() -> bool:
        return bool((await lived.type(known.pin))["result"] == "opened")

    await agent.says(r"papers=2", after=start, seconds=60)  # the PBX says that there are others
    account = await login(doorline)
    async with operator("127.0.0.1", doorline.ami, *account) as client:
        answer = await client.ask("Action: DoorLock", "Door: flat", "Seconds: 600")
        while "Response" not in answer:  # events come between
            answer = await client.message(15)
        assert answer["Response"] == ["Success"], answer
    await agent.says(r"lockdown=1", after=start)
    doorline.pbx.process.kill()
    await doorline.pbx.process.wait()

    assert await lived.type(locked.pin) == {"result": "denied"}  # it was told before the cut
    for _ in range(3):
        start = len(agent.lines)
        await soon(online, 30)  # a relay rests between two openings
        await agent.says(r"^door=gate opened", after=start)
    store = file.parent / "agent.db"
    await soon(lambda: _written(store, 3))
    agent.process.kill()
    await agent.process.wait()
    again = await doorline.start("agent again", "-m", "intercom", "--config", str(file))
    await again.says(r"ready ns=", seconds=20)
    await soon(lambda: _is(lived.type(known.pin), {"result": "away"}))  # no clock to trust

    await doorline.start_pbx()
    async with operator("127.0.0.1", doorline.ami, *account) as client:
        for _ in range(3):
            assert (await opened(client))["Door"] == ["gate"]
        await again.says(r"line state=registered", seconds=60)
        # An order to begin anew ends the agent; whoever supervises it starts it again.
        answer = await client.ask("Action: PanelRestart", "Panel: panel")
        while "Response" not in answer:
            answer = await client.message(15)
        assert answer["Response"] == ["Success"], answer
        assert await asyncio.wait_for(again.process.wait(), 20) == 0
        last = await doorline.start("agent at last", "-m", "intercom", "--config", str(file))
        await last.says(r"line state=registered", seconds=30)
        await soon(online, 30)
        assert (await opened(client))["Door"] == ["gate"]  # and none of the three once more


async def _is(asked: Awaitable[dict[str, Any]], wanted: dict[str, Any]) -> bool:
    return await asked == wanted


async def _written(store: Path, count: int) -> bool:
    """Whether the agent has so many events on its disk."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as database:
        [found] = database.execute("SELECT count(*) FROM event WHERE body LIKE '%opened%'").fetchone()
    return bool(found == count)

"""Registering over each transport against a small server, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from intercom.clock import CivilClock
from intercom.phone.line import Line
from intercom.settings import load
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.proof import Proof
from pbx.transport.driver import Driver
from tests.support.doors import CONTROLLER, SITE
from tests.support.small_server import SECRET, SmallServer, settings_file, small_server


class Member:
    """A line and what it says."""

    def __init__(self, path: Path, secret: str = SECRET) -> None:
        loop = asyncio.get_running_loop()
        self.told: list[str] = []
        self.engine = Engine(token=lambda: f"t{id(object())}{len(self.told)}{loop.time()}".replace(".", ""))
        self.driver = Driver(
            self.engine, loop.time, self._event, lambda flow, now: self.line.flow_lost(flow, now)
        )
        self.clock = CivilClock(0.0, loop.time())
        proof = Proof(SITE, CONTROLLER, secret, lambda: "cnonce")
        self._tasks: set[asyncio.Task[None]] = set()
        self.line = Line(
            load(path), self.driver, self.clock, proof, run="r1", spawn=self._spawn, tell=self.told.append
        )
        self.driver.attach(self.line)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _event(self, event: sip.Event, now: float) -> None:
        if isinstance(event, sip.ResponseReceived):
            event.transaction.context.answered(event.response, now)  # type: ignore[attr-defined]
        elif isinstance(event, sip.RequestFailed):
            event.transaction.context.failed(event.status, now)  # type: ignore[attr-defined]

    async def until(self, *told: str) -> None:
        async with asyncio.timeout(20):
            while self.told != list(told):
                await asyncio.sleep(0.01)


@asynccontextmanager
async def member(path: Path, secret: str = SECRET) -> AsyncIterator[Member]:
    made = Member(path, secret)
    made.line.start(made.driver.clock())
    made.driver.drain()
    try:
        yield made
    finally:
        made.line.stop(made.driver.clock())
        made.driver.close()
        await asyncio.sleep(0)


def settings(tmp_path: Path, server: SmallServer, port: int, transport: str) -> Path:
    path = settings_file(tmp_path, port)
    said = f'transport = "{transport}"\n'
    if server.authority is not None:
        said += f'ca_file = "{server.authority}"\n'
    path.write_text(path.read_text().replace("[account]", said + "[account]"))
    return path


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_registered_and_told_the_time(tmp_path: Path, transport: str) -> None:
    skew = timedelta(days=-3)
    async with (
        small_server(skew=skew, transport=transport, directory=tmp_path) as (server, port),
        member(settings(tmp_path, server, port, transport)) as made,
    ):
        await made.until("registered")
        assert server.binding is not None
        assert server.binding.contact.startswith("sip:r1@127.0.0.1:")
        assert server.binding.flow.transport == transport
        civil = made.clock.civil(made.driver.clock())
        assert civil is not None
        assert abs(civil - server.civil().timestamp()) < 2


@pytest.mark.parametrize("transport", ["tcp", "tls"])
async def test_a_lost_connection_is_made_again(tmp_path: Path, transport: str) -> None:
    async with (
        small_server(transport=transport, directory=tmp_path) as (server, port),
        member(settings(tmp_path, server, port, transport)) as made,
    ):
        await made.until("registered")
        assert server.binding is not None
        server.binding.flow.channel.close(server.binding.flow)  # type: ignore[attr-defined]
        await made.until("registered", "away", "registered")
        assert server.registers == 2


async def test_a_wrong_secret_is_tried_again_slowly(tmp_path: Path) -> None:
    async with (
        small_server() as (server, port),
        member(settings_file(tmp_path, port), "wrong") as made,
    ):
        async with asyncio.timeout(10):
            while not server.refused:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        assert server.refused <= 2  # one try: without proof, then with the wrong one
        assert made.told == []
        assert made.clock.civil(made.driver.clock()) is None


async def test_an_authority_we_do_not_know(tmp_path: Path) -> None:
    async with small_server(transport="tls", directory=tmp_path) as (server, port):
        server.authority = None
        async with member(settings(tmp_path, server, port, "tls")) as made:
            await asyncio.sleep(0.3)
            assert made.line.flow is None
            assert made.told == []

"""The whole agent as a process against a small server: an order reaches a pin, a restart is survived."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from intercom.agent import Agent
from intercom.phone.audio import Audio
from intercom.settings import load
from pbx.registrar.binding import Binding, Offer
from tests.support.doors import SITE
from tests.support.guard import edge_ns
from tests.support.ports import free_port
from tests.support.small_server import settings_file, small_server

# Real sockets and processes, for seconds; beside much other work, for longer.
pytestmark = [pytest.mark.peer, pytest.mark.timeout(240)]

SECOND = 1_000_000_000


class RunningAgent:
    """An agent's process and its lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.seen: list[str] = []

    async def until(self, start: str, seconds: float = 60.0) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while data := await self.process.stdout.readline():
                self.seen.append(data.decode().rstrip())
                if self.seen[-1].startswith(start):
                    return self.seen[-1]
        raise AssertionError(f"ended without {start!r}: {self.seen}")

    async def ended(self) -> int:
        assert self.process.stdout is not None
        rest = await self.process.stdout.read()
        self.seen += rest.decode().splitlines()
        return await self.process.wait()


@asynccontextmanager
async def agent(path: Path, *arguments: str) -> AsyncIterator[RunningAgent]:
    command = (sys.executable, "-m", "intercom", "--config", str(path), *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    running = RunningAgent(process)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            async with asyncio.timeout(10):
                await running.ended()


def guard_of(pid: int) -> int:
    """The guard's process id: the agent's only child."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found[0])


async def test_an_order_reaches_the_pin_and_the_answer_tells_its_edge(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        result = await server.open_door(seconds=1.0)
        assert (result.opened, result.detail) == (True, "opened")
        on = await running.until("edge relay=gate on=1")
        off = await running.until("edge relay=gate on=0")
        assert SECOND <= edge_ns(off) - edge_ns(on) <= SECOND + SECOND // 2
        assert any(line == "door=gate opened" for line in running.seen)


@pytest.mark.parametrize("skew", [timedelta(hours=-5), timedelta(days=400)])
async def test_the_servers_clock_is_the_one_that_counts(tmp_path: Path, skew: timedelta) -> None:
    async with small_server(skew=skew) as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        assert (await server.open_door()).opened
        server.skew += timedelta(minutes=1)
        refused = await server.open_door()
        assert (refused.opened, refused.detail) == (True, "already_open")
        await running.until("edge relay=gate on=0")


async def test_an_order_of_another_time_is_refused(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        server.skew = timedelta(seconds=-20)
        result = await server.open_door()
        assert (result.opened, result.detail) == (False, "expired")


async def test_the_agent_comes_back_to_a_restarted_server(tmp_path: Path) -> None:
    async with small_server() as (first, port):
        async with agent(settings_file(tmp_path, port)) as running:
            await running.until("line state=registered")
            first.deaf = True
            await running.until("line state=away")
            first.deaf = False
            await first.until(registers=2)
            await running.until("line state=registered")
            assert (await first.open_door()).opened
            await running.until("edge relay=gate on=0")


async def test_no_server_at_first(tmp_path: Path) -> None:
    port = free_port("udp")
    async with agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        async with small_server(port) as (server, _):
            await server.until(registers=1)
            assert (await server.open_door()).opened


async def test_a_killed_guard_is_replaced_and_its_relays_rest(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        assert (await server.open_door(seconds=30)).opened
        os.kill(guard_of(running.process.pid), signal.SIGKILL)
        before = time.monotonic()
        await running.until("ready")  # whose pins are at rest
        assert time.monotonic() - before < 5
        server.opener.activity("fjordgata.example", "gate").open_until = None
        assert (await server.open_door()).opened


async def test_a_hung_guard_is_killed_and_replaced(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        assert (await server.open_door()).opened  # it has spoken: from now on its silence counts
        await running.until("edge relay=gate on=0")
        os.kill(guard_of(running.process.pid), signal.SIGSTOP)
        while (result := await server.open_door()).detail == "already_open":
            await asyncio.sleep(0)
        assert (result.opened, result.detail) == (False, "guard_silent")
        await running.until("ready")
        assert (await server.open_door()).opened


async def test_an_agent_that_hangs_leaves_the_door_to_the_guard(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        assert (await server.open_door(seconds=1.0)).opened
        running.process.send_signal(signal.SIGSTOP)
        on = await running.until("edge relay=gate on=1")
        off = await running.until("edge relay=gate on=0")
        assert edge_ns(off) - edge_ns(on) <= SECOND + SECOND // 2


async def test_a_killed_agent_leaves_the_door_shut_and_no_process(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        assert (await server.open_door(seconds=30)).opened
        running.process.kill()
        await running.until("edge relay=gate on=0")
        await running.until("rest")  # the guard's last word
        assert await running.ended() == -signal.SIGKILL


async def test_a_call_from_the_command_line_is_made_by_the_running_agent(tmp_path: Path) -> None:
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("line state=registered")
        async with agent(tmp_path / "intercom.toml", "--call", "kari") as caller:
            await server.until_called()
            assert server.calls[0].request.uri == "sip:kari@fjordgata.example"
            assert "Main entrance" in str(server.calls[0].request.headers.get("From"))
            await caller.until("panel state=ringing")
            audio = await server.answer()
            await caller.until("panel state=connected")
            async with asyncio.timeout(10):
                while audio.heard < 10:
                    await asyncio.sleep(0.02)
            server.calls[0].session.end(server.driver.clock())
            server.driver.drain()
            await caller.until("panel state=ended")
            assert await caller.ended() == 0
            await running.until("panel state=ended")


async def test_without_a_running_agent_the_command_line_is_one(tmp_path: Path) -> None:
    async with small_server() as (server, port):
        async with agent(settings_file(tmp_path, port), "--call", "ola") as caller:
            await server.until_called()
            server.calls[0].session.refuse(486, server.driver.clock())
            server.driver.drain()
            await caller.until("panel state=unanswered")
            assert await caller.ended() == 1


async def test_the_caller_that_goes_away_hangs_up(tmp_path: Path) -> None:
    async with small_server() as (server, port):
        path = settings_file(tmp_path, port)
        async with agent(path) as running:
            await running.until("line state=registered")
            async with agent(path, "--call", "kari") as caller:
                await server.until_called()
                caller.process.kill()
            await running.until("panel state=ended")


async def test_a_pressed_button_calls(tmp_path: Path) -> None:
    async with small_server() as (server, port):
        told: asyncio.Queue[str] = asyncio.Queue()
        agent_here = Agent(load(settings_file(tmp_path, port)), told.put_nowait)
        running = asyncio.get_running_loop().create_task(agent_here.run())
        async with asyncio.timeout(20):
            while await told.get() != "line state=registered":
                pass
            while not agent_here._guard.press("first"):
                await asyncio.sleep(0.01)
            await server.until_called()
            assert server.calls[0].request.uri == "sip:kari@fjordgata.example"
            agent_here.stop()
            await running


async def test_a_stranger_orders_nothing_and_nobody_is_answered(tmp_path: Path) -> None:
    """Orders are taken by the line to the PBX alone, and an INVITE never makes a panel listen."""
    async with small_server() as (server, port), agent(settings_file(tmp_path, port)) as running:
        await running.until("ready")
        await server.until(registers=1)
        binding = server.binding
        assert binding is not None
        async with small_server() as (stranger, _):
            assert stranger.listener is not None
            flow = stranger.listener.flow_to("127.0.0.1", binding.flow.remote[1])
            stranger.binding = Binding(SITE, "d-ctl", Offer(binding.contact, 300), flow)
            result = await stranger.open_door()
            assert (result.opened, result.detail) == (False, "status_403")
        session = server.engine.invite(
            target=binding.contact,
            from_="<sip:kari@fjordgata.example>",
            to="<sip:gatekeeper@fjordgata.example>",
            flow=binding.flow,
            body=b"",
            now=server.driver.clock(),
        )
        server.driver.drain()
        async with asyncio.timeout(10):
            while not session.over:
                await asyncio.sleep(0.01)


async def test_a_call_without_a_port_for_sound_is_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none_free(*_: object) -> Audio:
        raise OSError("Cannot assign requested address")

    monkeypatch.setattr(Audio, "open", none_free)
    lines: asyncio.Queue[str] = asyncio.Queue()
    async with small_server() as (_, port), asyncio.timeout(50):
        made = Agent(load(settings_file(tmp_path, port)), lines.put_nowait)
        running = asyncio.get_running_loop().create_task(made.run())
        while await lines.get() != "line state=registered":
            continue
        made.tap("kari")
        while not (said := await lines.get()).startswith("panel state=unanswered"):
            assert said.startswith(("panel state=calling", "door", "papers", "lockdown")), said
        made.stop()
        await running


async def test_two_agents_of_one_state_directory(tmp_path: Path) -> None:
    async with small_server() as (_, port):
        path = settings_file(tmp_path, port)
        async with agent(path) as first:
            await first.until("line state=registered")
            async with agent(path) as second:
                assert await second.ended() == 2


async def test_wrong_settings_end_the_start_with_one_line(tmp_path: Path) -> None:
    path = settings_file(tmp_path, 5060)
    (tmp_path / "order.pub").write_text("no key")
    command = (sys.executable, "-m", "intercom", "--config", str(path))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    _, error = await process.communicate()
    assert process.returncode == 2
    assert error.decode().count("\n") == 1
    assert "order.pub" in error.decode()

"""The link and a real studio: what a call is described by, what is said of a studio that is not there."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from intercom.agent import Agent
from intercom.phone.description import Descriptions, lines_of
from intercom.phone.outlet import bind_pair
from intercom.phone.studio_link import StudioLink
from intercom.settings import load
from media.sdp import parse
from tests.support.small_server import settings_file, small_server

# It loads PyAV: a second and more, and much more beside other work.
pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]
PATIENCE = 90.0

VIDEO = '[video]\nsource = "pattern"\nwidth = 160\nheight = 120\n'
AUDIO, PICTURES = ("opus", "pcma"), ("h264",)


class Told:
    """The lines somebody told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._news = asyncio.Event()

    def tell(self, line: str) -> None:
        self.lines.append(line)
        self._news.set()

    async def says(self, start: str) -> str:
        async with asyncio.timeout(PATIENCE):
            while True:
                for line in self.lines:
                    if line.startswith(start):
                        return line
                self._news.clear()
                await self._news.wait()


class Linked(Told):
    """A link and the lines it told."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.link = StudioLink(load(path), self.tell)


@asynccontextmanager
async def linked(tmp_path: Path, settings: str = VIDEO) -> AsyncIterator[Linked]:
    path = settings_file(tmp_path, 5060)
    path.write_text(path.read_text() + settings)
    one = Linked(path)
    running = asyncio.get_running_loop().create_task(one.link.run())
    try:
        yield one
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_call_is_described_agreed_and_counted(tmp_path: Path) -> None:
    async with linked(tmp_path) as one:
        await one.says("studio ready video=1")
        scene = await one.link.open("127.0.0.1", secure=False)
        assert scene is not None
        offer = scene.description()
        assert [media.kind for media in parse(offer).media] == ["audio", "video"]
        sound, picture = bind_pair("127.0.0.1"), bind_pair("127.0.0.1")
        ports = {"audio": sound[0].getsockname()[1], "video": picture[0].getsockname()[1]}
        server = Descriptions("127.0.0.1", ports, lines_of(AUDIO, PICTURES, secure=False))
        answer, _ = server.answer(offer)
        answer = answer.replace(b"a=inactive", b"a=recvonly")  # a panel too: it only shows
        assert scene.talk_to(answer, live=False)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            assert await loop.sock_recv(picture[0], 4096)
            assert await loop.sock_recv(sound[0], 4096)
        scene.key_picture()
        renewed = scene.answer(server.offer())
        assert renewed is not None and parse(renewed).media[1].port
        assert scene.answer(b"rubbish") is None and not scene.talk_to(b"rubbish")
        assert not scene.talk_to(answer.replace(b"m=audio %d" % ports["audio"], b"m=audio 0"))
        scene.close()
        assert "video=" in await one.says("studio sent")
        for sock in (*sound, *picture):
            sock.close()


async def test_no_studio_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = settings_file(tmp_path, 5060)
    path.write_text(path.read_text() + VIDEO)
    assert await Linked(path).link.open("127.0.0.1", secure=False) is None
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_ports_that_cannot_be_had(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with linked(tmp_path) as one:
        await one.says("studio ready")
        assert await one.link.open("192.0.2.77", secure=False) is None
        assert "no studio for this call" in caplog.text


async def test_a_missing_camera_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with linked(tmp_path, '[video]\nsource = "/dev/video99"\n') as one:
        await one.says("studio ready video=0")
        for _ in range(2):
            scene = await one.link.open("127.0.0.1", secure=True)
            assert scene is not None and b"m=video" not in scene.description()
            scene.close()
        assert caplog.text.count("no camera (/dev/video99") == 1


async def test_a_killed_studio_is_told_and_comes_back(tmp_path: Path) -> None:
    async with linked(tmp_path) as one:
        await one.says("studio ready")
        assert one.link.pid is not None
        os.kill(one.link.pid, signal.SIGKILL)
        await one.says("studio away")
        one.lines.clear()
        await one.says("studio ready")
        scene = await one.link.open("127.0.0.1", secure=False)
        assert scene is not None
        scene.close()


async def test_a_call_from_the_command_line_waits_for_the_camera(tmp_path: Path) -> None:
    async with small_server() as (server, port):
        path = settings_file(tmp_path, port)
        path.write_text(path.read_text() + VIDEO)
        command = (sys.executable, "-m", "intercom", "--config", str(path), "--call", "kari")
        caller = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        await server.until_called(seconds=PATIENCE)
        assert b"m=video" in server.calls[0].request.body
        server.calls[0].session.refuse(480, server.driver.clock())
        server.driver.drain()
        async with asyncio.timeout(PATIENCE):
            assert await caller.wait() == 1


async def test_a_studio_that_dies_in_a_call_ends_the_call(tmp_path: Path) -> None:
    told = Told()
    async with small_server() as (server, port):
        path = settings_file(tmp_path, port)
        path.write_text(path.read_text() + VIDEO)
        agent = Agent(load(path), told.tell)
        running = asyncio.get_running_loop().create_task(agent.run())
        await told.says("studio ready")
        await told.says("line state=registered")
        agent.tap("kari")
        await server.until_called(seconds=PATIENCE)
        assert b"m=video" in server.calls[0].request.body
        await server.answer()
        await told.says("panel state=connected")
        assert agent._studio is not None and agent._studio.pid is not None
        os.kill(agent._studio.pid, signal.SIGKILL)
        await told.says("panel state=ended")
        agent.stop()
        await running

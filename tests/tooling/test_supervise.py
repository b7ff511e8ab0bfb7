from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tooling.supervise import Program, Supervisor


def python(name: str, code: str, **environment: str) -> Program:
    return Program(name, [sys.executable, "-c", code], environment)


async def lines_until(lines: list[str], wanted: str, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not any(wanted in line for line in lines):
            await asyncio.sleep(0.01)


async def test_lines_are_prefixed_and_the_end_is_clean() -> None:
    lines: list[str] = []
    programs = [
        python("pbx", "import os, time; print(os.environ['WORD']); time.sleep(60)", WORD="hello"),
        python("web", "import time; print('up'); time.sleep(60)"),
    ]
    supervisor = Supervisor(programs, lines.append)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await lines_until(lines, "pbx | hello")
    await lines_until(lines, "web | up")
    supervisor.stop()
    async with asyncio.timeout(20):
        await running


async def test_what_dies_is_started_again_after_a_growing_pause() -> None:
    lines: list[str] = []
    supervisor = Supervisor([python("pbx", "raise SystemExit(3)")], lines.append, first_pause=0.01)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await lines_until(lines, "again in 0.04 s")
    supervisor.stop()
    await running
    assert lines[0] == "pbx | ended (status 3), again in 0.01 s"
    assert lines[1] == "pbx | ended (status 3), again in 0.02 s"


async def test_a_killed_program_is_started_again() -> None:
    lines: list[str] = []
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    supervisor = Supervisor([python("pbx", code)], lines.append, first_pause=0.01)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await lines_until(lines, "signal 9")
    supervisor.stop()
    await running


async def test_a_program_that_is_not_there_is_said_once_a_try() -> None:
    lines: list[str] = []
    supervisor = Supervisor([Program("pbx", ["/nowhere/doorline"])], lines.append, first_pause=0.01)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await lines_until(lines, "cannot start")
    supervisor.stop()
    await running


async def test_a_program_waits_for_the_file_it_needs(tmp_path: Path) -> None:
    lines: list[str] = []
    key = tmp_path / "key"
    program = Program("agent", [sys.executable, "-c", "print('here')"], after=key)
    supervisor = Supervisor([program], lines.append)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await asyncio.sleep(0.1)
    assert lines == []
    key.write_text("k")
    await lines_until(lines, "here")
    supervisor.stop()
    await running


async def test_who_waits_for_a_file_can_be_stopped(tmp_path: Path) -> None:
    supervisor = Supervisor([Program("agent", ["true"], after=tmp_path / "never")], print)
    running = asyncio.get_running_loop().create_task(supervisor.run())
    await asyncio.sleep(0.05)
    supervisor.stop()
    async with asyncio.timeout(20):
        await running

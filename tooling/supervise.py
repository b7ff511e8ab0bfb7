"""Starts the programs of one machine, starts again what dies, and ends them all together.

`python -m tooling.supervise` runs Doorline with its demonstration sites (`tooling.demonstration`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 30.0
GRACE = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep running: its name in the log, its command, and what its environment adds.

    `after`: a file that another program makes first.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    after: Path | None = None


class Supervisor:
    """Keeps `programs` running until `stop()`; every line they write goes to `write`, prefixed.

    A program that ends is started again after a pause that doubles from `first_pause` to
    `LONGEST_PAUSE` seconds, and falls back once it has lived `HEALTHY_AFTER` seconds.
    """

    def __init__(
        self, programs: Sequence[Program], write: Callable[[str], None], *, first_pause: float = FIRST_PAUSE
    ) -> None:
        self._programs = programs
        self._write = write
        self._first_pause = first_pause
        self._width = max((len(program.name) for program in programs), default=0)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End all programs; `run` returns when they are gone."""
        self._stopping.set()

    async def run(self) -> None:
        """Start everything and return after `stop()`, when nothing runs any more."""
        async with asyncio.TaskGroup() as group:
            for program in self._programs:
                group.create_task(self._keep(program), name=program.name)

    async def _keep(self, program: Program) -> None:
        loop = asyncio.get_running_loop()
        pause = self._first_pause
        while program.after is not None and not program.after.exists():
            if await self._stopped_within(FIRST_PAUSE):
                return
        while not self._stopping.is_set():
            began = loop.time()
            ended = await self._once(program)
            if self._stopping.is_set():
                return
            if loop.time() - began >= HEALTHY_AFTER:
                pause = self._first_pause
            self._say(program, f"ended ({ended}), again in {pause:g} s")
            await self._stopped_within(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stopped_within(self, seconds: float) -> bool:
        """Wait for that long, or shorter if all shall end; says whether it shall."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    async def _once(self, program: Program) -> str:
        """Run `program` until it ends or all shall end; says how it ended."""
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone; we end them in order
            )
        except OSError as error:
            return f"cannot start: {error}"
        async with asyncio.TaskGroup() as group:
            copying = group.create_task(self._copy(program, process))
            ending = group.create_task(self._end_when_stopping(process))
            status = await process.wait()
            ending.cancel()
            await asyncio.wait([copying], timeout=1.0)  # a grandchild may hold the pipe open
            copying.cancel()
        return f"status {status}" if status >= 0 else f"signal {-status}"

    async def _end_when_stopping(self, process: asyncio.subprocess.Process) -> None:
        await self._stopping.wait()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()  # it ends its own children: media workers, the relay guard
        await asyncio.sleep(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    async def _copy(self, program: Program, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line longer than the reader's limit
                continue
            if not line:
                return
            self._say(program, line.decode(errors="replace").rstrip())

    def _say(self, program: Program, line: str) -> None:
        self._write(f"{program.name:<{self._width}} | {line}")


async def supervise(programs: Sequence[Program], guide: str) -> None:
    """Run `programs` until Ctrl-C or SIGTERM, after printing `guide`."""
    supervisor = Supervisor(programs, lambda line: print(line, flush=True))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    print(guide, flush=True)
    await supervisor.run()


def main() -> int:
    """Prepare the demonstration and run it; exit status for the shell."""
    from tooling.demonstration import PreparationError, prepare

    try:
        programs, guide = prepare()
    except PreparationError as error:
        print(error, file=sys.stderr)
        return 1
    asyncio.run(supervise(programs, guide))
    return 0


if __name__ == "__main__":
    sys.exit(main())

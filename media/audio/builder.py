"""Builds prompts beside the running server, in a process of its own: a start does not wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from pathlib import Path

logger = logging.getLogger(__name__)

_NICE = 10      # those who call now go first
_ROOT = str(Path(__file__).resolve().parents[2])


class Builder:
    """One run of media.audio.build, seen to its end."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self, sources: str, target: str) -> None:
        """Begin to build; what has been built before is played meanwhile."""
        path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-W", "ignore", "-m", "media.audio.build", sources, target,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                env=dict(os.environ, PYTHONPATH=path),
            )
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICE)
        except OSError:
            logger.exception("prompts are not built")
            return
        self._watch = asyncio.get_running_loop().create_task(self._see_to_it(self._process))

    async def built(self) -> None:
        """Returns when everything that could be built is."""
        if self._watch is not None:
            await asyncio.wait([self._watch])

    async def stop(self) -> None:
        """End it, done or not."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self.built()
        self._process = self._watch = None

    async def _see_to_it(self, process: asyncio.subprocess.Process) -> None:
        said, _ = await process.communicate()
        for line in said.decode(errors="replace").splitlines():
            logger.log(logging.WARNING if ": " in line else logging.INFO, "prompt %s", line)

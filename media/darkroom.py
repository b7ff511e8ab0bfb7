"""Makes JPEGs of key pictures in a process of its own: `python -m media.develop` decodes, nobody else does.

A decoder of strangers' bytes is kept away from calls and packets: when it crashes, hangs or grows, one
picture is missing. It starts with the first film, so that the first picture need not wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from media.develop import HEAD

logger = logging.getLogger(__name__)

_ROOT = str(Path(__file__).resolve().parent.parent)
_SECONDS = 2.0
_MOST_WAITING = 64
_SMALLEST_PAUSE = 1.0
Developed = Callable[[bytes | None], None]


class Darkroom:
    """One at a time, first come, first served. Everything happens in the loop of the first `warm`."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, bytes, Developed]] = deque()
        self._worker: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._closed = False

    def warm(self) -> None:
        """Be ready soon."""
        if self._worker is None and not self._closed:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def develop(self, codec: str, data: bytes, done: Developed) -> None:
        """Hand a JPEG of the key picture to `done`, or None."""
        if self._closed or not data or len(self._waiting) >= _MOST_WAITING:
            done(None)
            return
        self.warm()
        self._waiting.append((codec, data, done))
        self._news.set()

    async def close(self) -> None:
        """End the process; who waits gets nothing."""
        self._closed = True
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        while self._waiting:
            self._waiting.popleft()[2](None)

    async def _work(self) -> None:
        while True:
            try:
                await self._with_process()
            except OSError:
                logger.warning("no picture can be developed", exc_info=True)
            while self._waiting:
                self._waiting.popleft()[2](None)
            await asyncio.sleep(_SMALLEST_PAUSE)
            await self._some()

    async def _with_process(self) -> None:
        """Serve until the process fails us once."""
        path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "media.develop", stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, env=dict(os.environ, PYTHONPATH=path),
        )
        try:
            while True:
                await self._some()
                codec, data, done = self._waiting.popleft()
                picture = None
                try:
                    picture = await asyncio.wait_for(_ask(process, codec, data), _SECONDS)
                except (TimeoutError, OSError, EOFError):
                    logger.warning("a picture could not be developed")
                    return
                finally:
                    _hand(done, picture)
        finally:
            if process.stdin is not None:
                process.stdin.close()
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _some(self) -> None:
        while not self._waiting:
            self._news.clear()
            await self._news.wait()


async def _ask(process: asyncio.subprocess.Process, codec: str, data: bytes) -> bytes | None:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(HEAD.pack(codec.encode()[:8], len(data)) + data)
    await process.stdin.drain()
    _, size = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
    return await process.stdout.readexactly(size) if size else None


def _hand(done: Developed, picture: bytes | None) -> None:
    try:
        done(picture)
    except Exception:
        logger.exception("a developed picture")

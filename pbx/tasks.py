"""The one place where a background task begins: named, referenced until it ends, its failure logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)

RELUCTANT = 2.0
"""Seconds after which a task that was cancelled and still runs is cancelled once more."""


class Tasks:
    """The background tasks of one owner, who closes them when it ends.

    The loop itself keeps only a weak reference to a task, so an unreferenced one may vanish half-way.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T], *, name: str) -> asyncio.Task[T]:
        """Run `work` beside the caller on the running loop.

        An exception is logged under both names, and stays in the task for whoever awaits it.
        """
        task = asyncio.get_running_loop().create_task(work, name=f"{self.name}.{name}")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait until it is gone; a task that calls this is left alone.

        One cancellation may be lost: until Python 3.12, `asyncio.wait_for` keeps it to itself when its
        future is done in the same turn. So a task that goes on is asked again.
        """
        own = asyncio.current_task()
        ending = {task for task in self._running if task is not own}
        while ending:
            for task in ending:
                task.cancel()
            _, ending = await asyncio.wait(ending, timeout=RELUCTANT)

    def names(self) -> list[str]:
        """Names of the tasks that run now."""
        return sorted(task.get_name() for task in self._running)

    def __len__(self) -> int:
        return len(self._running)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            _log.error("task %s failed", task.get_name(), exc_info=fault)

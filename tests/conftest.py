"""Runs async tests, and fails whatever leaves a task, a thread or a process behind."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

# A machine busy with other work is no failure of a property.
settings.register_profile("doorline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("doorline")

_TASK_GRACE = 0.25
_THREAD_GRACE = 1.0
_PROCESS_GRACE = 2.0


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an `async def` test on a loop of its own, in asyncio's debug mode."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    arguments = {name: value for name, value in pyfuncitem.funcargs.items() if name in wanted}
    with asyncio.Runner(debug=True, loop_factory=_loop_factory(pyfuncitem)) as runner:
        runner.run(_alone(pyfuncitem.obj(**arguments)))
    gc.collect()  # an unclosed socket is reported against the test that left it
    return True


def _loop_factory(item: pytest.Function) -> Callable[[], asyncio.AbstractEventLoop] | None:
    if item.get_closest_marker("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop


async def _alone(test: Coroutine[object, object, None]) -> None:
    await test
    left = _others()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _TASK_GRACE
    while left and loop.time() < deadline:
        await asyncio.sleep(0.01)
        left = _others()
    if left:
        pytest.fail("tasks left behind: " + ", ".join(sorted(repr(task.get_coro()) for task in left)))


def _others() -> set[asyncio.Task[object]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    threads, processes = set(threading.enumerate()), _children()
    yield
    left_threads = _wait(lambda: {t for t in threading.enumerate() if t not in threads}, _THREAD_GRACE)
    if left_threads:
        pytest.fail("threads left behind: " + ", ".join(sorted(thread.name for thread in left_threads)))
    left_processes = _wait(lambda: _children() - processes, _PROCESS_GRACE)
    if left_processes:
        pytest.fail("processes left behind: " + ", ".join(_command(pid) for pid in sorted(left_processes)))


def _wait(look: Callable[[], set[T]], seconds: float) -> set[T]:
    deadline = time.monotonic() + seconds
    found = look()
    while found and time.monotonic() < deadline:
        time.sleep(0.02)
        found = look()
    return found


def _children() -> set[int]:
    """Processes this one has started and that are still there, by /proc; none where there is no /proc."""
    found: set[int] = set()
    for listing in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        try:
            found.update(int(pid) for pid in listing.read_text().split())
        except OSError:
            continue  # a thread that ended meanwhile
    return {pid for pid in found if "resource_tracker" not in _command(pid)}


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return str(pid)
    return f"{pid} " + b" ".join(words).decode(errors="replace")

"""Background tasks: named, held, logged, closed."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from pbx.tasks import Tasks


async def test_a_task_is_held_and_named_until_it_ends() -> None:
    tasks = Tasks("store")
    release = asyncio.Event()
    task = tasks.spawn(release.wait(), name="write")
    gc.collect()
    assert tasks.names() == ["store.write"]
    release.set()
    await task
    await asyncio.sleep(0)
    assert len(tasks) == 0


async def test_a_failure_is_logged_under_its_name(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("no disk")

    tasks = Tasks("store")
    task = tasks.spawn(fail(), name="write")
    with pytest.raises(RuntimeError), caplog.at_level(logging.ERROR):
        await task
    await asyncio.sleep(0)
    assert "store.write" in caplog.text
    assert "no disk" in caplog.text


async def test_closing_ends_all_but_the_caller() -> None:
    tasks = Tasks("app")
    forever = [tasks.spawn(asyncio.sleep(3600), name=str(n)) for n in range(3)]
    await tasks.spawn(tasks.close(), name="closer")
    assert all(task.cancelled() for task in forever)
    await tasks.close()
    assert len(tasks) == 0


async def test_a_cancellation_that_is_lost_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `asyncio.wait_for` loses one when its future is done in the same turn."""
    monkeypatch.setattr("pbx.tasks.RELUCTANT", 0.01)
    answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def tell() -> None:
        while True:
            await asyncio.wait_for(answered if not answered.done() else asyncio.Event().wait(), 60)

    tasks = Tasks("mqtt")
    task = tasks.spawn(tell(), name="news")
    await asyncio.sleep(0)
    answered.set_result(None)
    await tasks.close()
    assert task.cancelled()

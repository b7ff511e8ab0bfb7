"""The media worker is killed in the middle of two talks: both go on with another, and the door still opens.

One talk is between two pages in Chromium (new ICE and DTLS), one between PJSIP telephones (new ports).
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.test_browser import SITE, both_are_there, door_opens, porch_and_kari, visit
from tests.support.phones import phone
from tests.support.system import Program

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

OLA, PER = 900.0, 1100.0


def worker_of(pbx: Program) -> int:
    """The process that carries the PBX's media."""
    tasks = Path(f"/proc/{pbx.process.pid}/task").glob("*/children")
    for child in (number for task in tasks for number in task.read_text().split()):
        if b"media.worker" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    raise AssertionError("no media worker")


async def test_talks_outlive_their_media_worker(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with (
        porch_and_kari(tmp_path) as (doorline, porch, kari),
        phone(tmp_path, "ola-phone", "--auto", "180", tone=OLA) as ola,
        phone(tmp_path, "per-phone", "--auto", "180", tone=PER) as per,
    ):
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        for one in (ola, per):
            await one.register(one.name, SITE, doorline.secrets[SITE, one.name], doorline.server())
        ola.do("call", to=f"sip:per@{SITE}")
        await per.expect("incoming", seconds=20)
        per.do("answer")
        await ola.confirmed(20)
        await visit(porch, kari)
        await both_are_there(porch, kari)
        assert await ola.hears(PER, 20) and await per.hears(OLA, 20)

        assert doorline.pbx is not None
        before, died = worker_of(doorline.pbx), time.monotonic()
        os.kill(before, signal.SIGKILL)
        await kari.expect("reinvite", seconds=20)
        await porch.expect("reinvite", seconds=20)
        assert await kari.sees(5)
        record_property("seconds from the worker's death to the next pictures", time.monotonic() - died)
        await both_are_there(porch, kari)
        assert await ola.hears(PER, 20) and await per.hears(OLA, 20)
        assert worker_of(doorline.pbx) != before
        await door_opens(kari, agent)
        assert (await porch.stats())["videoIn"] == 0
        kari.do("hangup")
        await porch.expect("ended", seconds=20)
        ola.do("hangup")
        await per.disconnected(20)

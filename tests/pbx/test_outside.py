"""The trunks as the PBX makes them: days are those of each site, what is spent is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from dialplan.passes import Code, pin_digest
from pbx.facts import Facts
from pbx.outside import TrunkParts, trunk_desk, trunk_side
from pbx.running import RunningPlans
from pbx.sip.engine import Engine
from pbx.tasks import Tasks
from pbx.transport.gate import Gate
from pbx.trunks.guard import Use
from tests.support.carriers import LIMITS, PlayedDriver
from tests.support.exchange import SITE, plan_of, story_rows


def parts_of(plans: RunningPlans, kept: list[tuple[str, str, Use | None]], tasks: Tasks) -> TrunkParts:
    """What the trunks are made from, without a socket."""
    return TrunkParts(
        Engine(token=lambda: "t"),
        cast("Any", PlayedDriver(lambda: 0.0)),
        Gate(),
        Facts(),
        plans,
        lambda: datetime(2026, 11, 22, 20, tzinfo=UTC),
        lambda: "t",
        lambda site, of, use: kept.append((site, of, use)),
        cast("Any", None),
        tasks,
        "127.0.0.1",
    )


async def test_a_pin_is_digested_beside_the_loop() -> None:
    tasks = Tasks("trunks")
    desk, listening = trunk_side(parts_of(RunningPlans(), [], tasks), cast("Any", None), cast("Any", None))
    assert desk.shown() == []
    assert listening.calls is not None
    digested: asyncio.Future[Code] = asyncio.get_running_loop().create_future()
    listening.calls.digest(SITE, "123456", digested.set_result)
    assert await asyncio.wait_for(digested, 20) == Code(pin=pin_digest(SITE, "123456"))
    await tasks.close()


def test_a_day_is_the_sites_own_and_its_use_is_kept() -> None:
    plans = RunningPlans()
    plans.run(plan_of(story_rows(time_zone="Asia/Tokyo")))
    kept: list[tuple[str, str, Use | None]] = []
    desk = trunk_desk(parts_of(plans, kept, Tasks("trunks")))
    assert desk.guard.used(SITE).day == "2026-11-23"
    assert desk.guard.used("elsewhere.example").day == "2026-11-22"
    desk.guard.begin("a", SITE, LIMITS, "kari", 100, 0.0)
    desk.guard.answered("a", 0.0)
    assert kept == [(SITE, "", Use(SITE, "2026-11-23", 1, 100))]

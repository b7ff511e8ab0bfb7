"""The trunks as the PBX makes them: days are those of each site, what is spent is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pbx.certificates import ServerCertificate
from pbx.facts import Facts
from pbx.outside import TrunkParts, trunk_desk
from pbx.running import RunningPlans
from pbx.sip.engine import Engine
from pbx.tasks import Tasks
from pbx.transport.gate import Gate
from pbx.trunks.guard import Use
from tests.support.carriers import LIMITS
from tests.support.exchange import SITE, plan_of, story_rows


def test_a_day_is_the_sites_own_and_its_use_is_kept() -> None:
    plans = RunningPlans()
    plans.run(plan_of(story_rows(time_zone="Asia/Tokyo")))
    kept: list[tuple[str, str, Use | None]] = []
    desk = trunk_desk(
        TrunkParts(
            Engine(token=lambda: "t"),
            cast("Any", None),
            Gate(),
            Facts(),
            plans,
            lambda: datetime(2026, 11, 22, 20, tzinfo=UTC),
            lambda: "t",
            lambda site, of, use: kept.append((site, of, use)),
            ServerCertificate(Path("c"), Path("k"), Path("a")),
            Tasks("trunks"),
            "127.0.0.1",
        )
    )
    assert desk.guard.used(SITE).day == "2026-11-23"
    assert desk.guard.used("elsewhere.example").day == "2026-11-22"
    desk.guard.begin("a", SITE, LIMITS, "kari", 100, 0.0)
    desk.guard.answered("a", 0.0)
    assert kept == [(SITE, "", Use(SITE, "2026-11-23", 1, 100))]

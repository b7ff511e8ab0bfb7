"""The visit log: one line per call of a commercial site, nothing of a residential one."""

from __future__ import annotations

from datetime import UTC, datetime

from pbx.facts import (
    CallEnded,
    CallStarted,
    DoorOpened,
    EndReason,
    Fact,
    Facts,
    LegAnswered,
    LegPlaced,
)
from pbx.running import RunningPlans
from pbx.store.history import Visit
from pbx.visits import VisitBook
from tests.support.exchange import SITE, plan_of, story_rows

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
STORY: tuple[Fact, ...] = (
    CallStarted(SITE, "c1", "a", "gate", "kari", "Kari", "gate"),
    LegPlaced(SITE, "c1", "b", "kari-phone"),
    LegAnswered(SITE, "c1", "b"),
    DoorOpened(SITE, "front", "visitor_call", "c1"),
    CallEnded(SITE, "c1", "gate", EndReason.NORMAL, 4.0, 11.0),
)


def written(kind: str, facts: tuple[Fact, ...] = STORY) -> list[Visit]:
    plans = RunningPlans()
    plans.run(plan_of(story_rows(kind=kind)))
    visits: list[Visit] = []

    def append(visit: Visit) -> bool:
        visits.append(visit)
        return True

    feed = Facts()
    VisitBook(feed, plans, append, lambda: AT)
    for fact in facts:
        feed.publish(fact)
    return visits


def test_a_commercial_visit_is_one_line() -> None:
    assert written("commercial") == [
        Visit(SITE, "c1", AT, "gate", "Kari", "normal", "kari-phone", ("front",), 4.0, 11.0)
    ]


def test_a_residential_visit_leaves_nothing() -> None:
    assert written("residential") == []


def test_calls_between_people_and_doors_without_a_call_are_no_visits() -> None:
    between = CallStarted(SITE, "c1", "a", "kari-phone", "ola", "Ola", None)
    assert written("commercial", (between, *STORY[1:])) == []
    assert written("commercial", (DoorOpened(SITE, "front", "app", None),)) == []

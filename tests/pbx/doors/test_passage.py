"""One door after the other, each a while after the one before, waiting for others only so long."""

from __future__ import annotations

from dialplan.directory import Then
from pbx.doors.passage import GLANCE, PATIENCE, Passage

WAY = (Then("gate", 0), Then("lobby", 10), Then("lift", 20))


def seen(way: Passage) -> tuple[str, float | None, bool, tuple[str, ...]]:
    return way.door, way.due, way.first, way.rest


def test_delays_count_from_the_opening_before() -> None:
    way = Passage(WAY, 100.0)
    assert seen(way) == ("gate", 100.0, True, ("lobby", "lift"))
    way.began()
    assert seen(way)[1] is None
    assert way.opened(100.5)
    assert seen(way) == ("lobby", 110.5, False, ("lift",))
    assert way.opened(111.0)
    assert seen(way)[1] == 131.0
    assert not way.opened(132.0)


def test_an_interlock_is_waited_for_within_patience() -> None:
    way, now = Passage(WAY, 0.0), 0.0
    while way.blocked(now):
        assert way.due is not None and now < way.due <= now + GLANCE
        now = way.due
    assert now == PATIENCE


def test_each_door_has_patience_of_its_own() -> None:
    way = Passage(WAY, 0.0)
    assert way.blocked(0.0)
    way.opened(1.0)
    assert way.blocked(11.0) and way.blocked(11.0 + PATIENCE - 0.1)
    assert not way.blocked(11.0 + PATIENCE)

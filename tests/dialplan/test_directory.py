"""Names and pauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dialplan.directory import Person, paused

KARI = Person("kari", "kari", "101", "Kari Nordmann", "", "h0101", True, False, False)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_visitor_reads_the_alias_if_there_is_one() -> None:
    assert KARI.shown_name == "Kari Nordmann"
    assert replace(KARI, alias="H0101").shown_name == "H0101"


def test_a_pause_is_off_on_or_until_a_moment() -> None:
    assert not paused(False, NOON)
    assert paused(True, NOON)
    assert paused(NOON + timedelta(seconds=1), NOON)
    assert not paused(NOON, NOON)

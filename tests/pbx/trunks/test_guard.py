"""Limits: calls at once, an hour, minutes and money of a day; kept over a restart; one alarm a day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialplan.rows import RateRow, TelephonyRow
from pbx.facts import AlarmCleared, AlarmRaised, Fact
from pbx.trunks.guard import Allowed, Denied, Guard, Use, price_of
from tests.support.carriers import LIMITS

SITE, LINE, OTHER = "house.example", "+4722334455", "+4799887766"


class Day:
    """A guard with its saved uses and told facts; `date` is today."""

    def __init__(self, date: str = "2026-11-22") -> None:
        self.date = date
        self.saved: list[Use] = []
        self.told: list[Fact] = []
        self.guard = Guard(lambda site: self.date, self.saved.append, self.told.append)
        self.spent: list[str] = []
        self.guard.on_spent = lambda key, now: self.spent.append(key)

    def ask(
        self, number: str = LINE, who: str = "kari", now: float = 0.0, row: TelephonyRow | None = LIMITS
    ) -> str:
        found = self.guard.ask(SITE, row, who, number, now)
        return "yes" if isinstance(found, Allowed) else found.reason

    def call(self, key: str, who: str = "kari", now: float = 0.0, row: TelephonyRow = LIMITS) -> None:
        found = self.guard.ask(SITE, row, who, LINE, now)
        assert isinstance(found, Allowed)
        self.guard.begin(key, SITE, row, who, found.price, now)

    def alarms(self) -> int:
        return sum(isinstance(fact, AlarmRaised) for fact in self.told)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"calls": 0}, "off"),
        ({"minutes_per_day": 0}, "off"),
        ({"money_per_day": 0}, "off"),
        ({"countries": ()}, "off"),
        ({"countries": ("SE",)}, "country"),
        ({"kinds": ("mobile",)}, "kind"),
        ({"rates": (RateRow("+46", 1),)}, "rate"),
        ({"money_per_day": 99}, "money"),
    ],
)
def test_why_not(changes: dict[str, Any], reason: str) -> None:
    assert Day().ask(row=replace(LIMITS, **changes)) == reason
    assert Day().ask() == "yes"
    assert Day().ask(row=None) == "off"
    assert Day().ask("nobody") == "number"


def test_calls_at_once_of_the_site_and_of_one_person() -> None:
    day = Day()
    day.call("a", "kari")
    assert day.ask(who="kari") == "calls_per_person"
    day.call("b", "ola")
    assert day.ask(who="per") == "calls"
    day.guard.end("a")
    assert day.ask(who="kari") == "yes"
    assert day.guard.stats() == {"calls": 1, "refused": 2}


def test_calls_of_an_hour() -> None:
    day, row = Day(), replace(LIMITS, calls_per_hour=3)
    for number in range(3):
        day.call(str(number), now=float(number), row=row)
        day.guard.end(str(number))
    assert day.ask(row=row, now=10.0) == "calls_per_hour"
    assert day.ask(row=row, who="ola", now=10.0) == "yes"
    assert day.ask(row=row, now=3601.0) == "yes"


def test_begun_minutes_are_booked_whole_and_the_last_one_ends_the_call() -> None:
    day, row = Day(), replace(LIMITS, minutes_per_day=2)
    day.call("a", row=row)
    assert day.guard.next_deadline() is None
    day.guard.answered("a", 100.0)
    day.guard.answered("a", 130.0)
    assert day.guard.next_deadline() == 160.0
    day.guard.handle_timeout(160.0)
    assert [(use.minutes, use.money) for use in day.saved] == [(1, 100), (2, 200)]
    assert day.spent == []
    day.guard.handle_timeout(220.0)
    assert day.spent == ["a"]
    assert day.alarms() == 1
    day.guard.end("a")
    assert day.ask(row=row, now=230.0) == "minutes"
    assert day.alarms() == 1


def test_calls_that_ring_have_their_first_minute_reserved() -> None:
    day, row = Day(), replace(LIMITS, money_per_day=150)
    day.call("a", "kari", row=row)
    assert day.ask(who="ola", row=row) == "money"


def test_what_was_used_and_told_is_known_after_a_restart_and_forgotten_on_another_day() -> None:
    day, row = Day(), replace(LIMITS, minutes_per_day=1)
    day.call("a", row=row)
    day.guard.answered("a", 0.0)
    day.guard.end("a")
    assert day.ask(row=row) == "minutes"
    again = Day()
    again.guard.restore(day.saved[-1:])
    assert again.ask(row=row) == "minutes"
    assert again.alarms() == 0
    again.date = "2026-11-23"
    assert again.ask(row=row) == "yes"
    assert [type(fact) for fact in again.told] == [AlarmCleared]
    late = Day("2026-11-24")
    late.guard.restore(day.saved)
    assert late.guard.used(SITE) == Use(SITE, "2026-11-24")


def test_the_longest_prefix_says_the_price() -> None:
    row = replace(LIMITS, rates=(RateRow("+47", 100), RateRow("+479", 250)))
    assert (price_of(LINE, row), price_of(OTHER, row), price_of("+4612345", row)) == (100, 250, None)
    assert isinstance(Day().guard.ask(SITE, row, "kari", "+4681234567", 0.0), Denied)

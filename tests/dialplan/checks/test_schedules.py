"""Time zones, times of day, rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dialplan.checks.schedules import rules, schedules, time_zones, window
from dialplan.rows import ExceptionRow, HoursRow, PeriodRow
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (time_zones, schedules, rules):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    "zone", ["", "Europe/Bergen", "Europe", "europe/oslo ", "../../etc/passwd", "x" * 99, "\x00"]
)
def test_time_zones(zone: str) -> None:
    assert [where for where, _ in said(time_zones, replace(house(), time_zone=zone))] == ["site/time_zone"]


def test_the_time_zone_of_a_schedule_may_be_left_out() -> None:
    assert said(time_zones, changed(house(), "schedules", "work", time_zone="Asia/Tokyo")) == []
    assert said(time_zones, changed(house(), "schedules", "work", time_zone="Asia/Oslo")) == [
        ("schedules/work/time_zone", "the time zone 'Asia/Oslo' is unknown")
    ]


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"periods": (PeriodRow("7:00", "15:00"),)}, "periods/0/start", "this is no time of day"),
        ({"periods": (PeriodRow("24:00", "15:00"),)}, "periods/0/start", "this is no time of day"),
        ({"periods": (PeriodRow("07:00", "24:01"),)}, "periods/0/end", "this is no time of day"),
        ({"periods": (PeriodRow("07:00", "07:00"),)}, "periods/0/end", "it ends when it begins"),
        ({"periods": (PeriodRow("07:00", "08:00", ()),)}, "periods/0/days", "there is no weekday"),
        (
            {"periods": (PeriodRow("07:00", "08:00", ("mon", "mon")),)},
            "periods/0/days",
            "the day 'mon' is listed twice",
        ),
        ({"holiday_hours": (HoursRow("", "08:00"),)}, "holiday_hours/0/start", "this is no time of day"),
        (
            {"exceptions": (ExceptionRow(date(2026, 1, 2), date(2026, 1, 1)),)},
            "exceptions/0/last",
            "the exception ends before it begins",
        ),
        (
            {"exceptions": (ExceptionRow(date(2026, 1, 2), hours=(HoursRow("٠٧:00", "08:00"),)),)},
            "exceptions/0/hours/0/start",
            "this is no time of day",
        ),
    ],
)
def test_schedules(changes: dict[str, Any], place: str, message: str) -> None:
    rows = changed(house(), "schedules", "work", **changes)
    assert said(schedules, rows) == [(f"schedules/work/{place}", message)]


@pytest.mark.parametrize(
    ("changes", "where", "message"),
    [
        ({"doors": ()}, "rules/caretaker/doors", "the right opens no door"),
        ({"people": ()}, "rules/caretaker", "the right is nobody's"),
        ({"methods": ()}, "rules/caretaker/methods", "the right has no method"),
        ({"methods": ("app", "app")}, "rules/caretaker/methods", "the method 'app' is listed twice"),
        ({"outside": "work"}, "rules/caretaker/outside", "there are two time windows"),
    ],
)
def test_rules(changes: dict[str, Any], where: str, message: str) -> None:
    assert said(rules, changed(house(), "rules", "caretaker", **changes)) == [(where, message)]


def test_one_window_is_enough() -> None:
    assert list(window("w", "work", "")) == list(window("w", "", "work")) == list(window("w", "", "")) == []

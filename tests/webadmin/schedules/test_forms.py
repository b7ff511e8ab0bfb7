"""Hours and days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from dialplan.rows import HoursRow
from webadmin.schedules.forms import day_from, hours_from, hours_to


def test_hours() -> None:
    found = hours_from(" 8:00-12.30, 13:00 - 24:00 ")
    assert found == (HoursRow("08:00", "12:30"), HoursRow("13:00", "24:00"))
    assert hours_from(hours_to(found)) == found and hours_from("") == ()
    assert hours_from("8-12") is None


@pytest.mark.parametrize("text", ["2026-12-24", "24.12.2026", " 24.12.2026 "])
def test_days(text: str) -> None:
    assert day_from(text) == date(2026, 12, 24)


@pytest.mark.parametrize("text", ["", "soon", "32.12.2026", "2026-13-01"])
def test_no_days(text: str) -> None:
    assert day_from(text) is None

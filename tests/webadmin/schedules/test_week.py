"""The week as shapes."""

from __future__ import annotations

from dialplan.rows import PeriodRow
from webadmin.schedules.week import draw


def test_over_midnight_and_over_the_end_of_the_week() -> None:
    week = draw(
        [PeriodRow("22:00", "06:00", ("sun",)), PeriodRow("x", "9", ("mon",)), PeriodRow("00:00", "24:00")]
    )
    monday, sunday = week[0].bars, week[6].bars
    assert [(bar.start, bar.end) for bar in monday] == [("00:00", "06:00"), ("00:00", "24:00")]
    assert [(bar.start, bar.end) for bar in sunday] == [("00:00", "24:00"), ("22:00", "24:00")]
    assert (sunday[1].x, sunday[1].width) == (91.67, 8.33)

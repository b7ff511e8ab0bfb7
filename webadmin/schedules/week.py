"""The week of a schedule as shapes for a drawing: a row for each day, a bar for each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialplan.rows import DAYS, PeriodRow

DAY = 1440
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Bar:
    """A time on a day: where it begins and how wide it is, in percent of a day, and in words."""

    x: float
    width: float
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Row:
    """A day with its bars."""

    name: str
    bars: tuple[Bar, ...]


def draw(periods: Sequence[PeriodRow]) -> tuple[Row, ...]:
    """Seven rows; what goes over midnight goes on in the next one. Times that are none are left out."""
    bars: list[list[Bar]] = [[] for _ in DAYS]
    for period in periods:
        start, end = _minutes(period.start), _minutes(period.end)
        if start is None or end is None:
            continue
        for day in period.days:
            place = DAYS.index(day)
            if end > start:
                bars[place].append(_bar(start, end))
            else:
                bars[place].append(_bar(start, DAY))
                if end:
                    bars[(place + 1) % 7].append(_bar(0, end))
    return tuple(
        Row(name, tuple(sorted(bars[at], key=lambda bar: bar.x))) for at, name in enumerate(NAMES)
    )


def _bar(start: int, end: int) -> Bar:
    return Bar(round(start * 100 / DAY, 2), round((end - start) * 100 / DAY, 2), _time(start), _time(end))


def _minutes(text: str) -> int | None:
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if found <= DAY else None


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

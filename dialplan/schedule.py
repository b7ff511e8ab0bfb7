"""Is it now, at that moment? Weekly periods, holidays and exceptions in a time zone's own wall-clock time.

A time of day happens at the first instant at which the zone's clock shows it or something later: skipped
times happen at the end of the gap, repeated times the first time. So the hours of a day are one stretch of
time, never two, beginning and ending on time for everybody who looks at the clock. A span past midnight
belongs to the day it starts on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dialplan.holidays import norwegian_holidays


@dataclass(frozen=True, slots=True)
class Hours:
    """From minute `start` to minute `end` of a day, counted on its clock from midnight; `end` is later than
    `start` and may lie on the following day (up to 2880).
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """Hours on weekdays (0 is Monday)."""

    days: tuple[int, ...]
    hours: Hours


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days from `first` to `last`, both included, on which only these hours count."""

    first: date
    last: date
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are holidays."""

    id: str
    name: str
    dates: frozenset[date]
    norwegian: bool

    def has(self, day: date) -> bool:
        """Whether this day is a holiday here."""
        return day in self.dates or (self.norwegian and day in norwegian_holidays(day.year))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something counts: `exceptions` (the first that fits) before `holiday_hours` before `periods`."""

    id: str
    name: str
    time_zone: str
    periods: tuple[Period, ...]
    calendars: tuple[Calendar, ...]
    holiday_hours: tuple[Hours, ...]
    exceptions: tuple[SpecialDays, ...]

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """The hours that begin on this day."""
        for special in self.exceptions:
            if special.first <= day <= special.last:
                return special.hours
        if any(calendar.has(day) for calendar in self.calendars):
            return self.holiday_hours
        return tuple(period.hours for period in self.periods if day.weekday() in period.days)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in any of the hours.

        Raises ValueError if `at` has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        instant = at.astimezone(UTC)
        return any(begin <= instant < end for begin, end in self._around(instant))

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of time in which it is open between two moments (aware), merged and in order."""
        zone = ZoneInfo(self.time_zone)
        day, last = start.astimezone(zone).date() - timedelta(days=2), end.astimezone(zone).date()
        found: list[tuple[datetime, datetime]] = []
        while day <= last:
            for hours in self.hours_on(day):
                begin, over = moment(day, hours.start, zone), moment(day, hours.end, zone)
                if (begin := max(begin, start)) < (over := min(over, end)):
                    found.append((begin, over))
            day += timedelta(days=1)
        return _merged(sorted(found))

    def _around(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.time_zone)
        today = instant.astimezone(zone).date()
        for offset in (-1, 0, 1):  # yesterday's may last; tomorrow's clock may go back to today
            day = today + timedelta(days=offset)
            for hours in self.hours_on(day):
                yield moment(day, hours.start, zone), moment(day, hours.end, zone)


@dataclass(frozen=True, slots=True)
class Window:
    """During a schedule, or outside it."""

    schedule: Schedule
    outside: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether `at` lies in the window."""
        return self.schedule.is_open(at) != self.outside

    def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of time in the window between two moments (aware), in order and not overlapping."""
        inside = self.schedule.spans(start, end)
        if not self.outside:
            return inside
        edges = [start, *(edge for span in inside for edge in span), end]
        between = zip(edges[::2], edges[1::2], strict=True)
        return [(begin, over) for begin, over in between if begin < over]


def _merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for begin, over in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(over, merged[-1][1]))
        else:
            merged.append((begin, over))
    return merged


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The first instant (in UTC) at which the clock of `zone` shows this time of this day, or a later one."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant
    set_forward = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == set_forward:
            after = middle
        else:
            before = middle
    return after

"""Schedules and rights: time zones, times of day, days, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from dialplan.checks.text import check_twice
from dialplan.errors import PlanError
from dialplan.rows import HoursRow, PeriodRow, ScheduleRow, SiteRows

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")


def time_zones(rows: SiteRows) -> Iterator[PlanError]:
    """Time zones are known here."""
    yield from _zone("site/time_zone", rows.time_zone)
    for schedule in rows.schedules:
        if schedule.time_zone:
            yield from _zone(f"schedules/{schedule.id}/time_zone", schedule.time_zone)


def schedules(rows: SiteRows) -> Iterator[PlanError]:
    """Hours can be read, and last."""
    for schedule in rows.schedules:
        yield from _schedule(f"schedules/{schedule.id}", schedule)


def rules(rows: SiteRows) -> Iterator[PlanError]:
    """A right says who, what door and how."""
    for rule in rows.rules:
        where = f"rules/{rule.id}"
        if not rule.doors:
            yield PlanError(f"{where}/doors", "the right opens no door", "choose a door", "right_no_door")
        if not (rule.people or rule.units or rule.buildings):
            hint = "choose people, units or buildings"
            yield PlanError(where, "the right is nobody's", hint, "right_nobody")
        if not rule.methods:
            hint = "choose how it may be used"
            yield PlanError(f"{where}/methods", "the right has no method", hint, "right_no_method")
        yield from check_twice(f"{where}/methods", rule.methods, "the method")
        yield from window(where, rule.during, rule.outside)


def window(where: str, during: str, outside: str) -> Iterator[PlanError]:
    """A time window is one or the other."""
    if during and outside:
        hint = 'keep "during" or "outside"'
        yield PlanError(f"{where}/outside", "there are two time windows", hint, "two_windows")


def _zone(where: str, name: str) -> Iterator[PlanError]:
    try:
        known = _ZONE.fullmatch(name) is not None and ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):
        known = False
    if not known:
        hint = "write it like Europe/Oslo"
        yield PlanError(where, f"the time zone {name[:64]!r} is unknown", hint, "time_zone", (name[:64],))


def _schedule(where: str, schedule: ScheduleRow) -> Iterator[PlanError]:
    for index, period in enumerate(schedule.periods):
        if not period.days:
            at = f"{where}/periods/{index}/days"
            yield PlanError(at, "there is no weekday", "choose weekdays", "no_weekday")
        yield from check_twice(f"{where}/periods/{index}/days", period.days, "the day")
    yield from _all_hours(f"{where}/periods", schedule.periods)
    yield from _all_hours(f"{where}/holiday_hours", schedule.holiday_hours)
    for index, special in enumerate(schedule.exceptions):
        if special.last is not None and special.last < special.first:
            hint = "exchange the two days"
            message = "the exception ends before it begins"
            yield PlanError(f"{where}/exceptions/{index}/last", message, hint, "ends_before")
        yield from _all_hours(f"{where}/exceptions/{index}/hours", special.hours)


def _all_hours(where: str, all_hours: Iterable[HoursRow | PeriodRow]) -> Iterator[PlanError]:
    for index, hours in enumerate(all_hours):
        if _TIME.fullmatch(hours.start) is None:
            at, hint = f"{where}/{index}/start", "write it like 07:30"
            yield PlanError(at, "this is no time of day", hint, "time_of_day")
        if hours.end != "24:00" and _TIME.fullmatch(hours.end) is None:
            at, hint = f"{where}/{index}/end", "write it like 16:00, or 24:00"
            yield PlanError(at, "this is no time of day", hint, "time_of_day")
        if hours.start == hours.end:
            hint = "choose another time, or 00:00 to 24:00 for the whole day"
            yield PlanError(f"{where}/{index}/end", "it ends when it begins", hint, "ends_at_start")

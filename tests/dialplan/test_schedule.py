"""Hours in a zone's own clock: periods, holidays, exceptions, midnight, and the days the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.schedule import Calendar, Hours, Period, Schedule, SpecialDays, Window, moment
from tests.support.plans import ZONES, moments

OSLO = ZoneInfo("Europe/Oslo")
EVERY_DAY = tuple(range(7))
WEEKDAYS = (0, 1, 2, 3, 4)


def schedule(
    *periods: Period,
    calendars: tuple[Calendar, ...] = (),
    holiday_hours: tuple[Hours, ...] = (),
    exceptions: tuple[SpecialDays, ...] = (),
    time_zone: str = "Europe/Oslo",
) -> Schedule:
    return Schedule("s", "S", time_zone, periods, calendars, holiday_hours, exceptions)


def hours(start: str, end: str) -> Hours:
    begin, over = (int(text[:2]) * 60 + int(text[3:]) for text in (start, end))
    return Hours(begin, over if over > begin else over + 1440)


def daily(start: str, end: str, *, days: tuple[int, ...] = EVERY_DAY) -> Period:
    return Period(days, hours(start, end))


def oslo(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold)


def minutes_open(which: Schedule, begin: datetime, stretch: timedelta) -> list[tuple[str, int]]:
    """Stretches of open minutes, each with its first minute by the clock in Oslo and its length."""
    found: list[tuple[str, int]] = []
    was = False
    for minute in range(int(stretch / timedelta(minutes=1))):
        at = begin.astimezone(UTC) + timedelta(minutes=minute)
        if now := which.is_open(at):
            if not was:
                found.append((at.astimezone(OSLO).strftime("%d %H:%M %Z"), 0))
            found[-1] = (found[-1][0], found[-1][1] + 1)
        was = now
    return found


def test_a_weekly_period_opens_at_its_start_and_shuts_at_its_end() -> None:
    work = schedule(daily("07:00", "15:30", days=WEEKDAYS))
    assert not work.is_open(oslo("2026-11-23T06:59:59"))
    assert work.is_open(oslo("2026-11-23T07:00"))
    assert work.is_open(oslo("2026-11-23T15:29:59"))
    assert not work.is_open(oslo("2026-11-23T15:30"))
    assert not work.is_open(oslo("2026-11-22T12:00")), "a Sunday"


def test_the_moment_may_come_in_any_time_zone() -> None:
    work = schedule(daily("07:00", "15:30"))
    assert work.is_open(datetime(2026, 11, 23, 6, 0, tzinfo=UTC))
    assert not work.is_open(datetime(2026, 11, 23, 5, 59, tzinfo=UTC))
    assert work.is_open(datetime(2026, 11, 23, 1, 0, tzinfo=ZoneInfo("America/New_York")))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        schedule().is_open(datetime(2026, 11, 23))  # noqa: DTZ001


def test_hours_past_midnight_belong_to_the_day_they_begin_on() -> None:
    friday = schedule(daily("22:00", "06:00", days=(4,)))
    assert friday.is_open(oslo("2026-11-27T22:00"))
    assert friday.is_open(oslo("2026-11-28T05:59"))
    assert not friday.is_open(oslo("2026-11-28T06:00"))
    assert not friday.is_open(oslo("2026-11-27T03:00")), "Thursday has no night"
    assert not friday.is_open(oslo("2026-11-28T22:00"))


def test_a_whole_day() -> None:
    monday = schedule(daily("00:00", "24:00", days=(0,)))
    assert minutes_open(monday, oslo("2026-11-22T12:00"), timedelta(days=2)) == [("23 00:00 CET", 1440)]


def test_on_a_holiday_only_the_holiday_hours_count() -> None:
    days_off = Calendar("c", "C", frozenset({date(2026, 11, 24)}), norwegian=False)
    which = schedule(daily("08:00", "16:00"), calendars=(days_off,), holiday_hours=(hours("10:00", "11:00"),))
    assert which.is_open(oslo("2026-11-23T09:00"))
    assert not which.is_open(oslo("2026-11-24T09:00"))
    assert which.is_open(oslo("2026-11-24T10:30"))
    assert which.is_open(oslo("2026-12-25T09:00")), "no Norwegian holidays asked for"


def test_norwegian_holidays_are_known_for_every_year() -> None:
    norway = Calendar("no", "Norge", frozenset(), norwegian=True)
    which = schedule(daily("08:00", "16:00"), calendars=(norway,))
    assert not which.is_open(oslo("2026-05-17T12:00"))
    assert not which.is_open(oslo("2031-04-14T12:00")), "Easter Monday"
    assert which.is_open(oslo("2031-04-15T12:00"))


def test_the_night_before_a_holiday_lasts_until_its_morning() -> None:
    norway = Calendar("no", "Norge", frozenset(), norwegian=True)
    night = schedule(daily("22:00", "06:00"), calendars=(norway,))
    assert night.is_open(oslo("2026-05-01T05:00")), "began on 30 April"
    assert not night.is_open(oslo("2026-05-01T22:30"))


def test_an_exception_beats_holidays_and_periods_and_the_first_one_counts() -> None:
    norway = Calendar("no", "Norge", frozenset(), norwegian=True)
    which = schedule(
        daily("08:00", "16:00"),
        calendars=(norway,),
        exceptions=(
            SpecialDays(date(2026, 12, 25), date(2026, 12, 25), (hours("12:00", "13:00"),)),
            SpecialDays(date(2026, 12, 20), date(2026, 12, 31), ()),
        ),
    )
    assert which.is_open(oslo("2026-12-25T12:30"))
    assert not which.is_open(oslo("2026-12-20T09:00"))
    assert not which.is_open(oslo("2026-12-31T09:00"))
    assert which.is_open(oslo("2027-01-02T09:00"))


def test_a_window_is_a_schedule_or_its_negation() -> None:
    work = schedule(daily("08:00", "16:00"))
    for text in ("2026-11-23T09:00", "2026-11-23T17:00"):
        assert Window(work).is_open(oslo(text)) != Window(work, outside=True).is_open(oslo(text))


SPRING, AUTUMN = "2026-03-29T00:00", "2026-10-25T00:00"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("01:00", "05:00", [("29 01:00 CET", 180)]),
        ("02:15", "02:45", []),
        ("02:30", "04:00", [("29 03:00 CEST", 60)]),
        ("01:30", "02:30", [("29 01:30 CET", 30)]),
        ("00:00", "24:00", [("29 00:00 CET", 23 * 60)]),
    ],
)
def test_in_spring_skipped_times_happen_when_the_gap_ends(
    start: str, end: str, expected: list[tuple[str, int]]
) -> None:
    sunday = schedule(daily(start, end, days=(6,)))
    assert minutes_open(sunday, oslo(SPRING), timedelta(hours=23)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("01:00", "05:00", [("25 01:00 CEST", 300)]),
        ("02:15", "02:45", [("25 02:15 CEST", 30)]),
        ("02:30", "04:00", [("25 02:30 CEST", 150)]),
        ("01:30", "02:30", [("25 01:30 CEST", 60)]),
        ("00:00", "24:00", [("25 00:00 CEST", 25 * 60)]),
    ],
)
def test_in_autumn_repeated_times_happen_the_first_time(
    start: str, end: str, expected: list[tuple[str, int]]
) -> None:
    sunday = schedule(daily(start, end, days=(6,)))
    assert minutes_open(sunday, oslo(AUTUMN), timedelta(hours=25)) == expected


def test_a_night_over_the_change_lasts_an_hour_less_or_more() -> None:
    night = schedule(daily("22:00", "06:00", days=(5,)))
    assert minutes_open(night, oslo("2026-03-28T12:00"), timedelta(days=1)) == [("28 22:00 CET", 7 * 60)]
    assert minutes_open(night, oslo("2026-10-24T12:00"), timedelta(days=1)) == [("24 22:00 CEST", 9 * 60)]


def test_the_gap_of_half_an_hour_on_lord_howe() -> None:
    howe = ZoneInfo("Australia/Lord_Howe")
    gap_ends = datetime(2026, 10, 3, 15, 30, tzinfo=UTC)
    assert moment(date(2026, 10, 4), 2 * 60 + 10, howe) == gap_ends
    assert moment(date(2026, 10, 4), 2 * 60 + 31, howe) == gap_ends + timedelta(minutes=1)


def test_a_day_that_has_no_midnight_begins_later() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # the clock goes from 24:00 to 01:00 on 29 March 2026
    assert moment(date(2026, 3, 29), 0, beirut) == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)


CHANGES = ("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04")
days = moments.map(datetime.date) | st.sampled_from([date.fromisoformat(text) for text in CHANGES])


@given(days, st.integers(0, 1439), st.integers(0, 1439), st.sampled_from(ZONES))
def test_a_moment_of_the_clock_is_the_first_that_is_not_earlier(
    day: date, first: int, second: int, name: str
) -> None:
    zone = ZoneInfo(name)
    instant = moment(day, first, zone)
    local = instant.astimezone(zone).replace(tzinfo=None)
    just_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=first)  # noqa: DTZ001
    assert just_before < wall <= local
    assert (moment(day, second, zone) >= instant) or second < first, "later by the clock is not earlier"


@settings(max_examples=40)
@given(days, st.integers(0, 1438), st.sampled_from(ZONES))
def test_one_day_opens_once(day: date, start: int, zone: str) -> None:
    which = schedule(Period((day.weekday(),), Hours(start, start + 61)), time_zone=zone)
    begin = moment(day, 0, ZoneInfo(zone))
    states = [which.is_open(begin + timedelta(minutes=minute)) for minute in range(0, 27 * 60, 3)]
    assert sum(one != following for one, following in pairwise(states)) <= 2

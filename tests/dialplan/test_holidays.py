"""Easter and the Norwegian public holidays, against the almanac."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dialplan.holidays import easter, norwegian_holidays


def test_easter_of_known_years() -> None:
    earlier = (
        "1818-03-22",
        "1943-04-25",
        "2000-04-23",
        "2008-03-23",
        "2011-04-24",
        "2024-03-31",
        "2025-04-20",
    )
    later = ("2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18", "2076-04-19", "2285-03-22")
    for sunday in (*earlier, *later):
        assert easter(int(sunday[:4])) == date.fromisoformat(sunday)


@given(st.integers(1583, 9000))
def test_easter_is_a_sunday_between_its_bounds(year: int) -> None:
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


def test_the_days_of_2026() -> None:
    assert sorted(map(str, norwegian_holidays(2026))) == [
        "2026-01-01",
        "2026-04-02",
        "2026-04-03",
        "2026-04-05",
        "2026-04-06",
        "2026-05-01",
        "2026-05-14",
        "2026-05-17",
        "2026-05-24",
        "2026-05-25",
        "2026-12-25",
        "2026-12-26",
    ]

"""Norwegian public holidays (lov om helligdager og helligdagsfred; lov om 1 og 17 mai), computed for any
year.

Easter by the Gregorian computus (Meeus, Jones, Butcher: Astronomical Algorithms, chapter 8).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
_FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)  # Maundy Thursday ... Ascension, Whit Sunday, Whit Monday


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - correction + 15) % 30
    quarter, odd = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def norwegian_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year; some fall on Sundays."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=offset) for offset in _FROM_EASTER}
    return frozenset(moving | {date(year, month, day) for month, day in _FIXED})

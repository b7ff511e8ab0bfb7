"""Forms of schedules and calendars."""

from __future__ import annotations

import re
from datetime import date

from wtforms import BooleanField, HiddenField, TextAreaField

from dialplan.rows import HoursRow
from webadmin.forms import Form, LineField, TicksField, needed, one_line

_HOURS = re.compile(r"\s*([0-9]{1,2}[:.][0-9]{2})\s*[-–]\s*([0-9]{1,2}[:.][0-9]{2})\s*")
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
HOURS_WRONG = "Write times like 08:00-16:00, with commas between."
DAY_WRONG = "Write days like 2026-12-24, one on each line."


class ScheduleForm(Form):
    """A schedule; periods and exceptions are lines."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()], description="Office hours, Nights, Cleaning.")
    calendars = TicksField("Holidays it follows", description="On these days only the hours below count.")
    holiday_hours = LineField(
        "Hours on holidays", [one_line(400)], description="Such as 10:00-14:00. Empty: closed."
    )


class CalendarForm(Form):
    """A calendar."""

    version = HiddenField()
    name = LineField("Name", [needed, one_line()])
    norwegian = BooleanField("Norway's public holidays of every year")
    dates = TextAreaField("Own days", description="One on each line, such as 2026-12-24.")


def hours_from(text: str) -> tuple[HoursRow, ...] | None:
    """Hours in a text such as "08:00-12:00, 13:00-16:00"; None when it is not written so."""
    found = []
    for part in filter(str.strip, text.split(",")):
        match = _HOURS.fullmatch(part)
        if match is None:
            return None
        start, end = (f"{each.replace('.', ':'):0>5}" for each in match.groups())
        found.append(HoursRow(start, end))
    return tuple(found)


def hours_to(hours: tuple[HoursRow, ...]) -> str:
    """The text of hours."""
    return ", ".join(f"{each.start}-{each.end}" for each in hours)


def day_from(text: str) -> date | None:
    """A day in a text such as 2026-12-24 or 24.12.2026; None when it is none."""
    dotted = _DAY.fullmatch(text.strip())
    if dotted is not None:
        text = f"{dotted[3]}-{dotted[2]:0>2}-{dotted[1]:0>2}"
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None

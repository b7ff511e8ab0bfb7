"""Schedules and calendars in the browser."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialplan.rows import CalendarRow, ExceptionRow, HoursRow, PeriodRow, ScheduleRow
from tests.webadmin.conftest import post
from tests.webadmin.pages import fields, inside, row, send
from webadmin.db import db
from webadmin.models import Calendar, Schedule

WEEK = {
    **{
        "name": "Natt",
        "periods-0-start": "22:00",
        "periods-0-end": "06:00",
        "periods-0-days": ["fri", "sat"],
    },
    **{
        "exceptions-0-first": "2026-12-24",
        "exceptions-0-last": "2026-12-26",
        "exceptions-0-hours": "8:00-9.30",
    },
    "holiday_hours": "10:00-14:00, 15:00-24:00",
}


def made(client: FlaskClient) -> int:
    assert send(client, "/schedules/new", WEEK).headers["Location"] == "/schedules"
    db.session.rollback()
    return int(db.session.query(Schedule).filter_by(site_id=1, ref="natt").one().id)


def test_a_week_with_holidays_and_exceptions(published: Flask) -> None:
    client = inside(published)
    key = made(client)
    assert row("schedules", "natt") == ScheduleRow(
        "natt",
        "Natt",
        (PeriodRow("22:00", "06:00", ("fri", "sat")),),
        (),
        (HoursRow("10:00", "14:00"), HoursRow("15:00", "24:00")),
        (ExceptionRow(date(2026, 12, 24), date(2026, 12, 26), (HoursRow("08:00", "09:30"),)),),
    )
    page = client.get("/schedules?lang=en").text
    assert "22:00–24:00" in page and "00:00–06:00" in page
    path = f"/schedules/{key}"
    mine = fields(client.get(path).text)
    drawn = client.post(path, data={**mine, "do": "more-periods-0", "periods-1-start": "08:00"})
    assert drawn.status_code == 200
    assert send(client, path, {"name": "Nattetid"}).status_code == 303
    late = client.post(f"{path}?lang=en", data=mine)
    assert late.status_code == 422 and "Somebody else changed this" in late.text
    assert post(client, f"{path}/remove").headers["Location"] == "/schedules"
    assert row("schedules", "natt") is None and client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"periods-0-days": []}, "mangler ukedag"),
        ({"periods-0-end": "22:00"}, "slutter når det begynner"),
        ({"periods-0-end": "x"}, "klokkeslett"),
        ({"exceptions-0-last": "2026-12-01"}, "slutter før det begynner"),
        ({"exceptions-0-first": "soon"}, "Skriv dager som"),
        ({"exceptions-0-hours": "morning"}, "Skriv tider som"),
        ({"holiday_hours": "x"}, "Skriv tider som"),
        ({"name": ""}, "Fyll ut"),
    ],
)
def test_errors_stand_at_their_line(published: Flask, changes: dict[str, object], words: str) -> None:
    client = inside(published)
    answer = send(client, "/schedules/new", {**WEEK, **changes}, "nb")
    assert answer.status_code == 422 and words in answer.text and row("schedules", "natt") is None


def test_a_calendar(published: Flask) -> None:
    client = inside(published)
    days = "2026-12-24\r\n31.12.2026\r\n2026-12-24"
    answer = send(client, "/calendars/new", {"name": "Fri", "norwegian": "y", "dates": days})
    assert answer.headers["Location"] == "/schedules"
    assert row("calendars", "fri") == CalendarRow(
        "fri", "Fri", (date(2026, 12, 24), date(2026, 12, 31)), True
    )
    key = db.session.query(Calendar).filter_by(site_id=1, ref="fri").one().id
    wrong = send(client, f"/calendars/{key}", {"dates": "never"}, "nb")
    assert wrong.status_code == 422 and "Skriv dager som" in wrong.text
    schedule = f"/schedules/{made(client)}"
    assert send(client, schedule, {"calendars": ["fri"]}).status_code == 303
    assert post(client, f"/calendars/{key}/remove").headers["Location"] == f"/calendars/{key}"
    assert send(client, schedule, {"calendars": []}).status_code == 303
    assert post(client, f"/calendars/{key}/remove").headers["Location"] == "/schedules"

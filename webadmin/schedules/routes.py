"""Pages about schedules and calendars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialplan.rows import DAYS, CalendarRow, ExceptionRow, PeriodRow, ScheduleRow
from webadmin import offers
from webadmin.auth.wall import organisation_only
from webadmin.db import db
from webadmin.editing.act import act
from webadmin.editing.changes import fingerprint
from webadmin.forms import choices
from webadmin.lines import Line, Lines
from webadmin.models import Calendar, Schedule, Site
from webadmin.people.service import one
from webadmin.schedules import service
from webadmin.schedules.forms import (
    DAY_WRONG,
    HOURS_WRONG,
    CalendarForm,
    ScheduleForm,
    day_from,
    hours_from,
    hours_to,
)
from webadmin.schedules.week import NAMES, draw
from webadmin.shell import here, needed_site

pages = Blueprint("schedules", __name__)
PERIOD = ("start", "end", "days")
EXCEPTION = ("first", "last", "hours")


@pages.get("/schedules")
def index() -> ResponseReturnValue:
    """Every schedule with its week, and every calendar."""
    site = needed_site()
    rows = {row.id: row for row in offers.whole(site).schedules}
    query = select(Schedule).where(Schedule.site_id == site.id).order_by(Schedule.position)
    found = [(each, draw(rows[each.ref].periods)) for each in db.session.scalars(query)]
    calendars = db.session.scalars(
        select(Calendar).where(Calendar.site_id == site.id).order_by(Calendar.position)
    )
    return render_template("schedules/index.html", schedules=found, calendars=calendars.all())


@pages.route("/schedules/new", methods=["GET", "POST"])
@organisation_only
def new() -> ResponseReturnValue:
    """A new schedule."""
    return _page(needed_site(), None)


@pages.route("/schedules/<int:key>", methods=["GET", "POST"])
@organisation_only
def edit(key: int) -> ResponseReturnValue:
    """Change a schedule: it may rule in every building of the site."""
    schedule = _found(Schedule, key)
    return _page(here(schedule.site_id), schedule)


@pages.post("/schedules/<int:key>/remove")
@organisation_only
def remove(key: int) -> ResponseReturnValue:
    """Take a schedule away."""
    schedule = _found(Schedule, key)
    edit = service.remove("schedules", schedule.ref)
    if act(schedule.site_id, edit, None, "{0} is removed.", schedule.name):
        return redirect(url_for("schedules.index"), 303)
    return redirect(url_for("schedules.edit", key=key), 303)


@pages.route("/calendars/new", methods=["GET", "POST"])
@organisation_only
def new_calendar() -> ResponseReturnValue:
    """A new calendar."""
    return _calendar_page(needed_site(), None)


@pages.route("/calendars/<int:key>", methods=["GET", "POST"])
@organisation_only
def edit_calendar(key: int) -> ResponseReturnValue:
    """Change a calendar."""
    calendar = _found(Calendar, key)
    return _calendar_page(here(calendar.site_id), calendar)


@pages.post("/calendars/<int:key>/remove")
@organisation_only
def remove_calendar(key: int) -> ResponseReturnValue:
    """Take a calendar away."""
    calendar = _found(Calendar, key)
    edit = service.remove("calendars", calendar.ref)
    if act(calendar.site_id, edit, None, "{0} is removed.", calendar.name):
        return redirect(url_for("schedules.index"), 303)
    return redirect(url_for("schedules.edit_calendar", key=key), 303)


def _page(site: Site, schedule: Schedule | None) -> ResponseReturnValue:
    rows = offers.whole(site)
    now: ScheduleRow = one(rows, "schedules", schedule.ref) if schedule else ScheduleRow("", "")
    values = {"name": now.name, "calendars": now.calendars, "holiday_hours": hours_to(now.holiday_hours)}
    form = ScheduleForm(data={**values, "version": fingerprint(now)})
    form.calendars.choices = choices((row.id, row.name) for row in rows.calendars)
    periods, exceptions = _lines(form, now)
    arranging = form.is_submitted() and (periods.arranged(request.form) or exceptions.arranged(request.form))
    if form.is_submitted() and not arranging and _save(site, form, now, periods, exceptions):
        return redirect(url_for("schedules.index"), 303)
    if form.is_submitted() and not arranging and schedule is not None:
        form.version.data = fingerprint(one(offers.whole(site), "schedules", now.id))
    page = render_template(
        "schedules/form.html", form=form, schedule=schedule, periods=periods, exceptions=exceptions,
        week=draw([_period(line) for line in periods.items]), days=tuple(zip(DAYS, NAMES, strict=True)),
        dirty=arranging,
    )  # fmt: skip
    return page, 422 if form.is_submitted() and not arranging else 200


def _lines(form: ScheduleForm, now: ScheduleRow) -> tuple[Lines, Lines]:
    if form.is_submitted():
        return (
            Lines.sent("periods", "start", PERIOD, request.form),
            Lines.sent("exceptions", "first", EXCEPTION, request.form),
        )
    periods = ({"start": each.start, "end": each.end, "days": ",".join(each.days)} for each in now.periods)
    exceptions = (
        {
            "first": each.first.isoformat(),
            "last": each.last.isoformat() if each.last else "",
            "hours": hours_to(each.hours),
        }
        for each in now.exceptions
    )
    return Lines.of("periods", "start", periods), Lines.of("exceptions", "first", exceptions)


def _save(site: Site, form: ScheduleForm, now: ScheduleRow, periods: Lines, exceptions: Lines) -> bool:
    holidays = hours_from(form.text("holiday_hours"))
    right = exceptions.check(_fault)
    if not form.validate() or not right:
        return False
    if holidays is None:
        form.holiday_hours.errors = [HOURS_WRONG]
        return False
    row = ScheduleRow(
        now.id,
        form.text("name"),
        tuple(_period(line) for line in periods.items),
        form.calendars.chosen(now.calendars),
        holidays,
        tuple(_exception(line) for line in exceptions.items),
        now.time_zone,
    )

    def tell(place: Sequence[str], text: str) -> bool:
        lines = {"periods": periods, "exceptions": exceptions}.get(place[0])
        return lines is not None and lines.tell(place, text)

    edit = service.save("schedules", row, form.text("version"))
    return act(site.id, edit, form, "{0} is saved.", row.name, tables=("schedules",), tell=tell) is not None


def _period(line: Line) -> PeriodRow:
    days: Any = tuple(day for day in DAYS if day in line["days"].split(","))
    return PeriodRow(line["start"][:5], "24:00" if line["end"] == "00:00" else line["end"][:5], days)


def _fault(line: Line) -> str:
    if day_from(line["first"]) is None or (line["last"] and day_from(line["last"]) is None):
        return DAY_WRONG
    return "" if hours_from(line["hours"]) is not None else HOURS_WRONG


def _exception(line: Line) -> ExceptionRow:
    first = day_from(line["first"])
    assert first is not None  # `_fault` has looked
    return ExceptionRow(first, day_from(line["last"]), hours_from(line["hours"]) or ())


def _calendar_page(site: Site, calendar: Calendar | None) -> ResponseReturnValue:
    now: CalendarRow = one(offers.whole(site), "calendars", calendar.ref) if calendar else CalendarRow("", "")
    dates = "\n".join(day.isoformat() for day in now.dates)
    values = {"name": now.name, "norwegian": now.norwegian, "dates": dates, "version": fingerprint(now)}
    form = CalendarForm(data=values)
    if form.validate_on_submit():
        days = [day_from(line) for line in form.text("dates").split("\n") if line.strip()]
        if None in days:
            form.dates.errors = [DAY_WRONG]
        else:
            own = tuple(sorted({day for day in days if day is not None}))
            row = CalendarRow(now.id, form.text("name"), own, bool(form.norwegian.data))
            edit = service.save("calendars", row, form.text("version"))
            if act(site.id, edit, form, "{0} is saved.", row.name, tables=("calendars",)):
                return redirect(url_for("schedules.index"), 303)
            if calendar is not None:
                form.version.data = fingerprint(one(offers.whole(site), "calendars", now.id))
    page = render_template("schedules/calendar.html", form=form, calendar=calendar)
    return page, 422 if form.is_submitted() else 200


def _found(table: Any, key: int) -> Any:
    row = db.session.get(table, key)
    if row is None:
        abort(404)
    return row

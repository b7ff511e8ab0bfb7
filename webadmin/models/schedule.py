"""Schedule: when something counts."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, cascading, unique_ref


class Schedule(InSite, Row):
    """A schedule; `time_zone` "" follows the site."""

    __tablename__ = "schedule"

    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))

    __table_args__ = (unique_ref(),)


class ScheduleCalendar(Row):
    """A holiday calendar that a schedule follows."""

    __tablename__ = "schedule_calendar"

    schedule_id: Mapped[int] = mapped_column(cascading("schedule.id"), primary_key=True)
    calendar_id: Mapped[int] = mapped_column(cascading("calendar.id"), primary_key=True)
    position: Mapped[int]

"""Schedule hours: from a time to a time on holidays, or on the days of an exception."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class ScheduleHours(Row):
    """Times are "HH:MM"; without an exception it is for the holidays of the schedule's calendars."""

    __tablename__ = "schedule_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(cascading("schedule.id"))
    exception_id: Mapped[int | None] = mapped_column(cascading("schedule_exception.id"))
    position: Mapped[int]
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))

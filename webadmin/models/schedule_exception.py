"""Schedule exception: days on which a schedule's week does not count."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class ScheduleException(Row):
    """From `first` to `last`, None for the one day; what counts then are its rows of `schedule_hours`."""

    __tablename__ = "schedule_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(cascading("schedule.id"))
    position: Mapped[int]
    first: Mapped[date]
    last: Mapped[date | None]

    __table_args__ = (UniqueConstraint("schedule_id", "position"),)

"""Schedule period: from a time to a time on some weekdays."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class SchedulePeriod(Row):
    """Times are "HH:MM"; `days` holds "mon" to "sun" with commas between."""

    __tablename__ = "schedule_period"

    schedule_id: Mapped[int] = mapped_column(cascading("schedule.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[str] = mapped_column(String(32))
    start: Mapped[str] = mapped_column(String(5))
    end: Mapped[str] = mapped_column(String(5))

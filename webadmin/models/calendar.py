"""Calendar: holidays that schedules follow."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, cascading, unique_ref


class Calendar(InSite, Row):
    """A calendar; `norwegian`: Norway's public holidays of every year belong to it."""

    __tablename__ = "calendar"

    name: Mapped[str] = mapped_column(String(120))
    norwegian: Mapped[bool]

    __table_args__ = (unique_ref(),)


class Holiday(Row):
    """One day of a calendar."""

    __tablename__ = "holiday"

    calendar_id: Mapped[int] = mapped_column(cascading("calendar.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]

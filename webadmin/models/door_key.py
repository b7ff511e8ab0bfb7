"""Door key: a digit that opens a door during a call with a panel."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class DoorKey(Row):
    """One digit of one panel."""

    __tablename__ = "door_key"

    panel_id: Mapped[int] = mapped_column(cascading("panel.device_id"), primary_key=True)
    digit: Mapped[str] = mapped_column(String(1), primary_key=True)
    door_id: Mapped[int] = mapped_column(cascading("door.id"), index=True)
    position: Mapped[int]

    __table_args__ = (CheckConstraint("length(digit) = 1", name="digit"),)

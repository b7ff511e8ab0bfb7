"""Panel: what a visitor stands in front of."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class Panel(Row):
    """What belongs to a panel beyond its device."""

    __tablename__ = "panel"

    device_id: Mapped[int] = mapped_column(cascading("device.id"), primary_key=True)
    talk_seconds: Mapped[int]
    answer_early: Mapped[bool] = mapped_column(server_default=false())
    idle_seconds: Mapped[int] = mapped_column(server_default="20")
    camera_notice: Mapped[str] = mapped_column(String(200), server_default="")

    __table_args__ = (CheckConstraint("talk_seconds > 0", name="talk_seconds"),)


class PanelDoor(Row):
    """A door at a panel; the one at position 0 is "the" door."""

    __tablename__ = "panel_door"

    panel_id: Mapped[int] = mapped_column(cascading("panel.device_id"), primary_key=True)
    door_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True, index=True)
    position: Mapped[int]

"""Door: what opens, what drives it, and what safety demands of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, cascading, unique_ref


class Door(InSite, Row):
    """A door. The device `controller_id` drives it: a controller, or a panel by its own digits (`relay`)."""

    __tablename__ = "door"

    name: Mapped[str] = mapped_column(String(120))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    controller_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    relay: Mapped[str] = mapped_column(String(32))
    driver: Mapped[str] = mapped_column(String(16))
    open_seconds: Mapped[int]
    fail: Mapped[str] = mapped_column(String(16))
    resting: Mapped[str] = mapped_column(String(16))
    escape_route: Mapped[bool]
    exit_hardware: Mapped[bool]
    lockdown: Mapped[bool | None]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))
    contact: Mapped[str] = mapped_column(String(64), server_default="")
    left_open_seconds: Mapped[int] = mapped_column(server_default="60")
    forced_alarm: Mapped[bool] = mapped_column(server_default=false())
    address: Mapped[str] = mapped_column(String(256), server_default="")
    payload: Mapped[str] = mapped_column(String(256), server_default="")

    __table_args__ = (
        unique_ref(),
        CheckConstraint("driver IN ('agent', 'panel_digit', 'http', 'mqtt')", name="driver"),
        CheckConstraint("open_seconds BETWEEN 1 AND 60", name="open_seconds"),
        CheckConstraint("fail IN ('secure', 'safe')", name="fail"),
        CheckConstraint("resting IN ('locked', 'unlocked')", name="resting"),
    )


class DoorThen(Row):
    """`next_id` opens after `door_id`, `delay` seconds after the one before it in order of `position`."""

    __tablename__ = "door_then"

    door_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True)
    next_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True, index=True)
    position: Mapped[int]
    delay: Mapped[int]

    __table_args__ = (UniqueConstraint("door_id", "position"),)


class DoorInterlock(Row):
    """`other_id` must be shut before `door_id` opens."""

    __tablename__ = "door_interlock"

    door_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True, index=True)
    position: Mapped[int]

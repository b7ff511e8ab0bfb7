"""Controller: a device that drives doors."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class Controller(Row):
    """What belongs to a controller beyond its device."""

    __tablename__ = "controller"

    device_id: Mapped[int] = mapped_column(cascading("device.id"), primary_key=True)

"""Unit: a flat or an office."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class Unit(InSite, Row):
    """A flat or an office in a building."""

    __tablename__ = "unit"

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))

    __table_args__ = (unique_ref(),)

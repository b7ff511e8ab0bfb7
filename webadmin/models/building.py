"""Building: a house with an address."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class Building(InSite, Row):
    """A building of a site. `address` is no part of the plan."""

    __tablename__ = "building"

    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")

    __table_args__ = (unique_ref(),)

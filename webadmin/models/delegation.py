"""Delegation: how far the unit owners of a building manage themselves."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class Delegation(Row):
    """What an admin leaves to the unit owners of one building; caps count per unit. No row: the defaults of
    `webadmin.delegation.service.Bounds`.
    """

    __tablename__ = "delegation"

    building_id: Mapped[int] = mapped_column(cascading("building.id"), primary_key=True)
    members: Mapped[bool]
    most_members: Mapped[int]
    buttons: Mapped[bool]
    guests: Mapped[bool]
    most_guests: Mapped[int]
    guest_days: Mapped[int]

    __table_args__ = (
        CheckConstraint("most_members BETWEEN 1 AND 100", name="most_members"),
        CheckConstraint("most_guests BETWEEN 0 AND 100", name="most_guests"),
        CheckConstraint("guest_days BETWEEN 1 AND 366", name="guest_days"),
    )

"""Device: something that registers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class Device(InSite, Row):
    """An app, a station or a phone of a person or a unit, or the panel or controller of a building.

    `legacy`: its digest may lack qop (RFC 2069).
    """

    __tablename__ = "device"

    kind: Mapped[str] = mapped_column(String(16))
    username: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    legacy: Mapped[bool]

    __table_args__ = (
        unique_ref(),
        CheckConstraint("kind IN ('app', 'station', 'phone', 'panel', 'controller')", name="kind"),
    )

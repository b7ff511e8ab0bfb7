"""Dial group: who rings together, or one after the other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class DialGroup(InSite, Row):
    """A dial group; its members are rows of `dial_group_member`."""

    __tablename__ = "dial_group"

    name: Mapped[str] = mapped_column(String(120))
    ringing: Mapped[str] = mapped_column(String(16))
    ring_seconds: Mapped[int]
    step_seconds: Mapped[int]
    rings_on: Mapped[bool]

    __table_args__ = (
        unique_ref(),
        CheckConstraint("ringing IN ('simultaneous', 'sequential')", name="ringing"),
    )

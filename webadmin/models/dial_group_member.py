"""Dial group member: one target of a group, when it rings and when it counts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading, exactly_one


class DialGroupMember(Row):
    """Exactly one of person, device, other group, or telephone number."""

    __tablename__ = "dial_group_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(cascading("dial_group.id"))
    position: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), index=True)
    member_group_id: Mapped[int | None] = mapped_column(ForeignKey("dial_group.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(32))
    switched_on: Mapped[bool]
    delay: Mapped[int]
    timeout: Mapped[int | None]
    during_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))
    outside_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))
    confirm: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("group_id", "position"),
        CheckConstraint(
            exactly_one("person_id", "device_id", "member_group_id", "number"), name="one_target"
        ),
    )

"""Access rule: who may open which doors, how and when."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, cascading, exactly_one, unique_ref


class AccessRule(InSite, Row):
    """A right; `methods` with commas between. Doors and holders are rows of the two tables below."""

    __tablename__ = "access_rule"

    methods: Mapped[str] = mapped_column(String(64))
    during_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))
    outside_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id"))

    __table_args__ = (unique_ref(),)


class AccessRuleDoor(Row):
    """A door that a rule opens."""

    __tablename__ = "access_rule_door"

    rule_id: Mapped[int] = mapped_column(cascading("access_rule.id"), primary_key=True)
    door_id: Mapped[int] = mapped_column(cascading("door.id"), primary_key=True, index=True)
    position: Mapped[int]


class AccessRuleHolder(Row):
    """Who has a rule's right: a person, everybody of a unit, or everybody of a building."""

    __tablename__ = "access_rule_holder"

    rule_id: Mapped[int] = mapped_column(cascading("access_rule.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)

    __table_args__ = (CheckConstraint(exactly_one("person_id", "unit_id", "building_id"), name="one_holder"),)

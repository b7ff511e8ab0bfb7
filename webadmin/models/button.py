"""Button: what a visitor taps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, cascading, unique_ref


class Button(InSite, Row):
    """A button: calls a person, rings a group, or opens the list of a group's people."""

    __tablename__ = "button"

    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(120))
    user: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("dial_group.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    every_panel: Mapped[bool]
    ring_seconds: Mapped[int]
    fallback_id: Mapped[int | None] = mapped_column(ForeignKey("dial_group.id"), index=True)
    ring_limit: Mapped[int]
    talk_seconds: Mapped[int | None]
    decline: Mapped[str] = mapped_column(String(16))
    hidden: Mapped[bool]
    hidden_until: Mapped[datetime | None]
    caretaker: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        unique_ref(),
        CheckConstraint("kind IN ('individual', 'common', 'grouped')", name="kind"),
        CheckConstraint("decline IN ('others_ring', 'ends_call')", name="decline"),
        CheckConstraint(
            "CASE WHEN kind = 'individual' THEN group_id IS NULL ELSE person_id IS NULL END", name="target"
        ),
    )


class ButtonPanel(Row):
    """A panel that shows a button, where not `every_panel` of its building, or else of its site, does."""

    __tablename__ = "button_panel"

    button_id: Mapped[int] = mapped_column(cascading("button.id"), primary_key=True)
    panel_id: Mapped[int] = mapped_column(cascading("panel.device_id"), primary_key=True, index=True)
    position: Mapped[int]

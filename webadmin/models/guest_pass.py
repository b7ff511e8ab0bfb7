"""Guest pass: what a guest or craftsman opens with, for a while."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class GuestPass(Row):
    """A pass. Its PIN and token are stored as digests only (`dialplan.passes`).

    `host` and `building` are refs of a person ("": the house gave it) and a building; `doors` are refs. They
    are no foreign keys: a pass whose person or door is gone opens nothing, and stays to be seen. `pin_sealed`
    can be opened with the token alone. `pin_length` stays when the digests go. Every change takes a `seq`.
    """

    __tablename__ = "guest_pass"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.domain"))
    ref: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(120))
    host: Mapped[str] = mapped_column(String(64))
    building: Mapped[str] = mapped_column(String(64))
    doors: Mapped[list[str]] = mapped_column(JSON)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    uses: Mapped[int | None]
    pin: Mapped[str] = mapped_column(String(64))
    pin_length: Mapped[int]
    pin_sealed: Mapped[str] = mapped_column(String(200))
    token: Mapped[str] = mapped_column(String(64), index=True)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)

    __table_args__ = (
        UniqueConstraint("site", "ref"),
        CheckConstraint("state IN ('active', 'revoked')", name="state"),
        CheckConstraint("uses IS NULL OR uses BETWEEN 1 AND 100", name="uses"),
        CheckConstraint("ends_at > starts_at", name="window"),
    )

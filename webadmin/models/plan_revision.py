"""Plan revision: a compiled plan of a site, as the PBX reads it. Rows are added, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class PlanRevision(Row):
    """One compiled plan. `document`: JSON text of `dialplan.document`; `digest`: its SHA-256 in hex."""

    __tablename__ = "plan_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.domain"))
    revision: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("site", "revision"),)

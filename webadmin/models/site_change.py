"""Site change: what one revision changed in a site's rows, for the history and for undoing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class SiteChange(Row):
    """One change. `rows`: for each table the ids that changed, each with its row before and after (null:
    it was not there). `undone_by`: the revision that took it back.
    """

    __tablename__ = "site_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(cascading("site.id"))
    revision: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    who: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_by: Mapped[int | None]

    __table_args__ = (UniqueConstraint("site_id", "revision"),)

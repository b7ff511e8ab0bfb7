"""Site: one SIP domain, one plan, one privacy type."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from dialplan.rows import SiteKind
from webadmin.db import Row


class Site(Row):
    """A site. `domain` and `kind` are fixed when it is made: HA1s hang on the one, privacy on the other.

    `buttons_wait`: the button of somebody new who has only an app shows at the first log-in; else at once.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    domain: Mapped[str] = mapped_column(String(253), unique=True)
    kind: Mapped[SiteKind] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    algorithm: Mapped[str] = mapped_column(String(16))
    buttons_wait: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('residential', 'commercial')", name="kind"),
        CheckConstraint("algorithm IN ('MD5', 'SHA-256')", name="algorithm"),
    )


class FixedAtCreation(Exception):
    """Somebody tried to change what a site keeps for life; `field` says what."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the {field} of a site is fixed when it is made")
        self.field = field


def _refuse_change(mapper: Any, connection: Any, site: Site) -> None:
    for field in ("domain", "kind"):
        if inspect(site).attrs[field].history.has_changes():
            raise FixedAtCreation(field)


event.listen(Site, "before_update", _refuse_change)

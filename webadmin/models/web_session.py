"""Web session: who is logged in to WebAdmin. Kept here and not in the cookie, so that it can be ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class WebSession(Row):
    """A session; `token_hash` is the SHA-256 of the cookie's value, `content` what Flask keeps in it.

    `account_id` None: somebody on the way to a first account. `browser`: as it calls itself, for the list
    of one's own log-ins.
    """

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(cascading("account.id"), index=True)
    begun_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200))

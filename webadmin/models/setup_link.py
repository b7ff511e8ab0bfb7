"""Set-up link: a way in that works once, printed on the machine's own terminal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class SetupLink(Row):
    """An unused link; `code_hash` is the SHA-256 of its code. The row goes when the link is used."""

    __tablename__ = "setup_link"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime]

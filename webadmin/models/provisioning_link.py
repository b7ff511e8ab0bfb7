"""Provisioning link: a telephone fetches its log-in by it, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class ProvisioningLink(Row):
    """A code not used yet, as SHA-256; the row goes when it is used."""

    __tablename__ = "provisioning_link"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.domain", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]

"""Credential: how one device logs in (RFC 7616). A row of its own, so that a log-in is no revision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class Credential(Row):
    """The log-in of a device.

    The secret is never stored, only HA1 = MD5(username:domain:secret) and its SHA-256 sister. Rows are
    never deleted: a device that is gone is `revoked`, so that a reader who follows `seq` learns it.
    """

    __tablename__ = "credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.domain"))
    device: Mapped[str] = mapped_column(String(64))
    username: Mapped[str] = mapped_column(String(64))
    ha1: Mapped[str] = mapped_column(String(32))
    ha1_sha256: Mapped[str | None] = mapped_column(String(64))
    algorithm: Mapped[str] = mapped_column(String(16))
    legacy: Mapped[bool]
    push_subscription: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigInteger, unique=True)
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site", "username"),
        UniqueConstraint("site", "device"),
        CheckConstraint("state IN ('active', 'revoked')", name="state"),
        CheckConstraint("algorithm IN ('MD5', 'SHA-256')", name="algorithm"),
    )

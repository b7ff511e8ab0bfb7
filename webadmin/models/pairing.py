"""Pairing: codes that give a device its log-in, and what has been paired by one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class PairingCode(Row):
    """An unused code; `code_hash` is its SHA-256. The row goes when the code is used."""

    __tablename__ = "pairing_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[int] = mapped_column(cascading("device.id"), index=True)
    made_by: Mapped[str] = mapped_column(String(254))
    expires_at: Mapped[datetime]


class Pairing(Row):
    """What a device was paired as, the last time; `public_key` is its own, "" where it sent none."""

    __tablename__ = "pairing"

    device_id: Mapped[int] = mapped_column(cascading("device.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    public_key: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(254))
    paired_at: Mapped[datetime]

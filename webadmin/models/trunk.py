"""Trunk: a way to telephones outside. The node's own, of no site; never in a plan, a history or a log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row


class Trunk(Row):
    """One carrier. `sealed_password` is sealed by `var/secret.key`, "" without one.

    A registering trunk logs in with us; a peered one knows us by address, and we know it by `addresses`
    (CIDRs) at a listener of its own.
    """

    __tablename__ = "trunk"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int]
    enabled: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(16))
    host: Mapped[str] = mapped_column(String(253))
    port: Mapped[int]
    transport: Mapped[str] = mapped_column(String(8))
    username: Mapped[str] = mapped_column(String(120))
    realm: Mapped[str] = mapped_column(String(253))
    sealed_password: Mapped[str] = mapped_column(Text)
    from_domain: Mapped[str] = mapped_column(String(253))
    addresses: Mapped[list[str]] = mapped_column(JSON)
    listen_port: Mapped[int]
    srtp: Mapped[bool]
    number_format: Mapped[str] = mapped_column(String(16))
    caller_id: Mapped[str] = mapped_column(String(32))
    expires: Mapped[int]
    options_seconds: Mapped[int]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('registering', 'peered')", name="kind"),
        CheckConstraint("transport IN ('auto', 'udp', 'tcp', 'tls')", name="transport"),
        CheckConstraint("number_format IN ('plus', 'digits', 'national')", name="number_format"),
        CheckConstraint("NOT srtp OR transport = 'tls'", name="srtp_by_tls"),
    )

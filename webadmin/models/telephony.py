"""Telephony: what a site may do on the node's trunks. Without a row: nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class Telephony(InSite, Row):
    """The limits of one site, as in `dialplan.rows.TelephonyRow`; its only `ref` is "site".

    `rates` and `caller_ids` are lists of pairs, the others lists of text.
    """

    __tablename__ = "telephony"

    countries: Mapped[list[str]] = mapped_column(JSON)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    calls: Mapped[int]
    calls_per_person: Mapped[int]
    calls_per_hour: Mapped[int]
    minutes_per_day: Mapped[int]
    money_per_day: Mapped[int]
    rates: Mapped[list[Any]] = mapped_column(JSON)
    trunks: Mapped[list[str]] = mapped_column(JSON)
    region: Mapped[str] = mapped_column(String(2))
    caller_id: Mapped[str] = mapped_column(String(32))
    caller_ids: Mapped[list[Any]] = mapped_column(JSON)
    dial_out: Mapped[bool]
    emergency: Mapped[str] = mapped_column(String(64))
    call_in: Mapped[str] = mapped_column(String(64))

    __table_args__ = (unique_ref(),)

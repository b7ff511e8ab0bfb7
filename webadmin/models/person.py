"""Person: somebody who can be called or may open doors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import InSite, unique_ref


class Person(InSite, Row):
    """A person of a site.

    `user` and `number` are own addresses, "" for the default or none; `alias` is what strangers see.
    `telephone` (E.164) rings with the person's devices.
    `arrived`: has logged in, or was here before anybody waited; until then a site may hide the button.
    `hidden_until` and `do_not_disturb_until` bound the switch beside them; None: until it is switched back.
    """

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(120))
    user: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(32))
    alias: Mapped[str] = mapped_column(String(120))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    ring_station: Mapped[bool]
    telephone: Mapped[str] = mapped_column(String(32))
    hidden: Mapped[bool]
    hidden_until: Mapped[datetime | None]
    do_not_disturb: Mapped[bool]
    do_not_disturb_until: Mapped[datetime | None]
    arrived: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (unique_ref(),)

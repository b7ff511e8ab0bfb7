"""Somebody's first log-in: from then on the button shows, published in the same transaction (P30)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webadmin.models import Device, Membership, Person, Site
from webadmin.publishing.publish import PlanRejected, publish


def account_arrived(session: Session, account_id: int, who: str, at: datetime) -> bool:
    """An account came in: the people it is show from now on, in this transaction; whether that is news."""
    mine = select(Membership.person_id).where(Membership.account_id == account_id)
    return _arrived(session, session.scalars(mine.where(Membership.person_id.is_not(None))).all(), who, at)


def device_arrived(session: Session, domain: str, ref: str, who: str, at: datetime) -> bool:
    """A log-in was handed over, on paper or by a code: its person shows from now on; whether that is news."""
    owner = select(Device.person_id).join(Site, Site.id == Device.site_id)
    owner = owner.where(Site.domain == domain, Device.ref == ref, Device.person_id.is_not(None))
    return _arrived(session, session.scalars(owner).all(), who, at)


def _arrived(session: Session, keys: Iterable[int | None], who: str, at: datetime) -> bool:
    wanted = [key for key in keys if key is not None]
    found = session.scalars(select(Person).where(Person.id.in_(wanted), Person.arrived.is_(False))).all()
    for person in found:
        person.arrived = True
    for site_id in sorted({person.site_id for person in found}):
        with suppress(PlanRejected):  # what compiled with a hidden person compiles with one that shows
            site = session.get_one(Site, site_id)
            publish(session, site, author=who, note="first log-in", at=at)
    return bool(found)

"""Whose request it is: the people this account is, and what is theirs; everything else is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Device, Person, Site
from webadmin.resident.answers import nothing_there


@dataclass(frozen=True, slots=True)
class Own:
    """One of the people somebody is, and the site where that is."""

    person: Person
    site: Site


def own_people() -> list[Own]:
    """Everybody this account is."""
    query = select(Person, Site).join(Site, Site.id == Person.site_id).where(Person.id.in_(g.reach.people))
    with lifted():
        return [
            Own(person, site) for person, site in db.session.execute(query.order_by(Site.name, Person.id))
        ]


def own_at(domain: str) -> Own:
    """Who one is at a site.

    Raises:
        Problem: nobody (404).
    """
    for own in own_people():
        if own.site.domain == domain:
            return own
    raise nothing_there()


def own_devices(session: Session) -> Sequence[Device]:
    """One's own devices, and the stations of the units one lives in."""
    people = list(g.reach.people)
    homes = select(Person.unit_id).where(Person.id.in_(people), Person.unit_id.is_not(None))
    station = (Device.kind == "station") & or_(Device.unit_id.in_(homes), Device.unit_id.in_(g.reach.units))
    with lifted():
        query = select(Device).where(or_(Device.person_id.in_(people), station))
        return session.scalars(query.order_by(Device.site_id, Device.position)).all()


def own_device(session: Session, key: int) -> Device:
    """One of them.

    Raises:
        Problem: it is not there, or not one's own (404).
    """
    for device in own_devices(session):
        if device.id == key:
            return device
    raise nothing_there()


def site_of(device: Device) -> Site:
    """The site a device of one's own belongs to."""
    with lifted():
        return db.session.get_one(Site, device.site_id)

"""When a new person's button shows: at the first log-in, or at once, as the site has chosen (P30).

Whoever is rung by a telephone, a desk phone or the station of the flat needs no log-in and shows at once.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.rows import SiteRows
from webadmin.models import Device, Person, Site


def with_waiting(session: Session, site: Site, rows: SiteRows) -> SiteRows:
    """The rows as they are compiled: whoever is waited for is hidden. `rows` may be ahead of the tables."""
    if not site.buttons_wait:
        return rows
    here = select(Person.ref).where(Person.site_id == site.id, Person.arrived.is_(True))
    waiting = waited_for(rows, frozenset(session.scalars(here)))
    if not waiting:
        return rows
    people = (replace(row, hidden=True) if row.id in waiting else row for row in rows.people)
    return replace(rows, people=tuple(people))


def waited_for(rows: SiteRows, arrived: frozenset[str]) -> frozenset[str]:
    """Ids of people whom nothing but an app could ring, and who have not logged in yet."""
    rung = {device.person for device in rows.devices if device.kind != "app"}
    flats = {device.unit for device in rows.devices if device.kind == "station"} - {""}
    return frozenset(
        person.id
        for person in rows.people
        if person.id not in arrived
        and person.id not in rung
        and not person.telephone
        and not (person.ring_station and person.unit in flats)
    )


def is_awaited(session: Session, site: Site, person: Person) -> bool:
    """Whether this person's button waits, asked of the tables."""
    if not site.buttons_wait or person.arrived or person.telephone:
        return False
    rings = Device.person_id == person.id
    if person.ring_station and person.unit_id is not None:
        rings |= (Device.unit_id == person.unit_id) & (Device.kind == "station")
    other = select(Device.id).where(Device.site_id == site.id, Device.kind != "app", rings)
    return session.scalars(other.limit(1)).first() is None

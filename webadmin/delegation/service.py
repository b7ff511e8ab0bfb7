"""The bounds of unit owners: what they may do about their own unit, and how often (P28)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webadmin.auth.reach import Reach
from webadmin.models import Building, Delegation, Person, Site, Unit

NOT_YOURS = "Your building's admin looks after who lives here. Ask there. Nothing was changed."
BUTTONS_NOT_YOURS = "Your building's admin sees to the buttons. Ask there. Nothing was changed."
FULL = "Your unit has as many people as its admin allows. Ask there for more. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a unit owner may do. Caps count per unit; `guest_days`: the longest stay of a guest.

    Attributes:
        members: people of the unit move in and out, get devices and invitations.
        buttons: the unit's buttons: what they say, whether they show, who rings first.
        guests: passes for guests and craftsmen.
    """

    members: bool = True
    most_members: int = 8
    buttons: bool = True
    guests: bool = True
    most_guests: int = 5
    guest_days: int = 14


def bounds_of(session: Session, building_id: int) -> Bounds:
    """The bounds in a building; the defaults where no admin set any."""
    row = session.get(Delegation, building_id)
    if row is None:
        return Bounds()
    return Bounds(**{each.name: getattr(row, each.name) for each in fields(Bounds)})


def bounds_of_unit(session: Session, unit_id: int) -> Bounds:
    """The bounds of a unit's owner."""
    building_id = session.scalar(select(Unit.building_id).where(Unit.id == unit_id))
    return bounds_of(session, building_id or 0)


def set_bounds(session: Session, building_id: int, bounds: Bounds) -> None:
    """Keep them."""
    row = session.get(Delegation, building_id)
    if row is None:
        row = Delegation(building_id=building_id)
        session.add(row)
    for each in fields(Bounds):
        setattr(row, each.name, getattr(bounds, each.name))


def runs(session: Session, reach: Reach, unit_id: int | None, site_id: int = 0) -> bool:
    """Whether somebody with this reach runs the unit as an admin, so that no bounds hold. What has no unit
    is run by admins of the site's organisation.
    """
    if reach.everything:
        return True
    if unit_id is None:
        of_site = select(Site.organisation_id).where(Site.id == site_id)
        return session.scalar(of_site) in reach.organisations
    query = select(Unit.building_id, Site.organisation_id).join(Site, Site.id == Unit.site_id)
    found = session.execute(query.where(Unit.id == unit_id)).first()
    return found is not None and (found[0] in reach.buildings or found[1] in reach.organisations)


def refusal(
    session: Session, reach: Reach, unit_id: int | None, *, site_id: int = 0, more: int = 0
) -> str:
    """Why this reach may not change who lives in a unit, "" when it may. `more`: people who would come."""
    if runs(session, reach, unit_id, site_id):
        return ""
    if unit_id is None or unit_id not in reach.units:
        return NOT_YOURS
    bounds = bounds_of_unit(session, unit_id)
    if not bounds.members:
        return NOT_YOURS
    count = session.scalar(select(func.count()).select_from(Person).where(Person.unit_id == unit_id)) or 0
    return FULL if more and count + more > bounds.most_members else ""


def may_arrange(session: Session, reach: Reach, unit_id: int | None, site_id: int = 0) -> bool:
    """Whether this reach may say what the buttons of a unit show; hiding one's own is always possible."""
    if unit_id is None or runs(session, reach, unit_id, site_id):
        return True
    return bounds_of_unit(session, unit_id).buttons


def buildings(session: Session, site_id: int) -> list[tuple[Building, Bounds]]:
    """The buildings of a site within reach, with their bounds."""
    found = session.scalars(select(Building).where(Building.site_id == site_id).order_by(Building.position))
    return [(building, bounds_of(session, building.id)) for building in found]

"""The tenant wall, in the queries themselves: every SELECT, UPDATE and DELETE of a request is narrowed to
what the account behind it may see. A view that forgets to ask finds nothing instead of somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context
from sqlalchemy import event, false, or_, select, tuple_
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from webadmin.db import db
from webadmin.models import (
    AccessRule,
    Account,
    AuditEntry,
    Building,
    Button,
    Calendar,
    Credential,
    Device,
    DialGroup,
    Door,
    GuestPass,
    Membership,
    Organisation,
    Person,
    PlanRevision,
    Schedule,
    Site,
    SiteChange,
    Unit,
)
from webadmin.models.access_rule import AccessRuleDoor
from webadmin.models.dial_group_member import DialGroupMember

ROLES = ("system_owner", "organisation_admin", "building_admin", "unit_owner", "resident", "guest")
ADMINS = ROLES[:3]
IN_SITE: tuple[Any, ...] = (
    AccessRule, Building, Button, Calendar, Device, DialGroup, Door, Person, Schedule, SiteChange, Unit,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """What an account may see. `everything`: a system owner. Ids of whole organisations, of single
    buildings in others, of own units, of the people one is, and of the units one is a guest of.
    """

    everything: bool = False
    organisations: tuple[int, ...] = ()
    buildings: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    visited: tuple[int, ...] = ()

    @property
    def role(self) -> str:
        """The greatest role it makes, "" for none."""
        held = (
            *(self.everything, self.organisations, self.buildings),
            *(self.units, self.people, self.visited),
        )
        return next((role for role, has in zip(ROLES, held, strict=True) if has), "")

    @property
    def admin(self) -> bool:
        """Whether it runs houses, and not only lives or visits there."""
        return self.role in ADMINS

    def at_work(self) -> Reach:
        """Only what it runs, without the home."""
        return Reach(self.everything, self.organisations, self.buildings)

    @property
    def narrow(self) -> bool:
        """Whether it ends inside a site: what lies in no building is not its own."""
        return self.role not in ROLES[:2]

    def criteria(self) -> tuple[Any, ...]:
        """Loader criteria for every table that belongs to somebody."""
        if self.everything:
            return ()
        whole = _sites_of(self.organisations)
        conditions = {table: table.site_id.in_(whole) for table in IN_SITE}
        conditions |= {
            Site: Site.id.in_(whole),
            Organisation: Organisation.id.in_(self.organisations),
            Credential: Credential.site.in_(_domains_of(self.organisations)),
            PlanRevision: PlanRevision.site.in_(_domains_of(self.organisations)),
            GuestPass: GuestPass.site.in_(_domains_of(self.organisations)),
            AuditEntry: AuditEntry.organisation_id.in_(self.organisations),
            Membership: Membership.organisation_id.in_(self.organisations),
            Account: Account.id.in_(_accounts_of(self.organisations)),
        }
        narrower = [_of_buildings(self.buildings)] if self.buildings else []
        narrower += [_of_home(self.units, self.people)] if self.units or self.people else []
        narrower += [_of_visited(self.visited)] if self.visited else []
        for each in narrower:
            for table, narrow in each.items():
                conditions[table] = or_(conditions[table], narrow)
        return tuple(
            with_loader_criteria(table, condition, include_aliases=True)
            for table, condition in conditions.items()
        )


NOTHING = Reach()


def _sites_of(organisations: tuple[int, ...]) -> Any:
    site = Site.__table__
    return select(site.c.id).where(site.c.organisation_id.in_(organisations)).scalar_subquery()


def _domains_of(organisations: tuple[int, ...]) -> Any:
    site = Site.__table__
    return select(site.c.domain).where(site.c.organisation_id.in_(organisations)).scalar_subquery()


def _accounts_of(organisations: tuple[int, ...]) -> Any:
    member = Membership.__table__
    return select(member.c.account_id).where(member.c.organisation_id.in_(organisations)).scalar_subquery()


def _of_buildings(buildings: tuple[int, ...]) -> dict[Any, Any]:
    """What lies in these buildings: people by their flats; groups and rules that touch nothing outside."""
    building, unit, person = Building.__table__, Unit.__table__, Person.__table__
    device, door, site = Device.__table__, Door.__table__, Site.__table__
    member, rule_door = DialGroupMember.__table__, AccessRuleDoor.__table__
    sites = select(building.c.site_id).where(building.c.id.in_(buildings))
    units = select(unit.c.id).where(unit.c.building_id.in_(buildings))
    people = select(person.c.id).where(person.c.unit_id.in_(units))
    devices = select(device.c.id).where(
        or_(device.c.building_id.in_(buildings), device.c.unit_id.in_(units), device.c.person_id.in_(people))
    )
    inside = or_(member.c.person_id.in_(people), member.c.device_id.in_(devices))
    touched = select(member.c.group_id).where(inside)
    outside = select(member.c.group_id).where(~db.func.coalesce(inside, false()))
    own_doors = select(door.c.id).where(door.c.building_id.in_(buildings))
    foreign_rules = select(rule_door.c.rule_id).where(rule_door.c.door_id.not_in(own_doors))
    domains = select(site.c.domain).where(site.c.id.in_(sites))
    refs = select(device.c.ref).where(device.c.id.in_(devices), device.c.site_id.in_(sites))
    return {
        Site: Site.id.in_(sites),
        Building: Building.id.in_(buildings),
        Unit: Unit.building_id.in_(buildings),
        Person: Person.unit_id.in_(units),
        Device: Device.id.in_(devices),
        Door: Door.building_id.in_(buildings),
        Button: or_(Button.building_id.in_(buildings), Button.person_id.in_(people)),
        DialGroup: DialGroup.id.in_(touched) & DialGroup.id.not_in(outside),
        AccessRule: AccessRule.site_id.in_(sites) & AccessRule.id.not_in(foreign_rules),
        Schedule: Schedule.site_id.in_(sites),
        Calendar: Calendar.site_id.in_(sites),
        Credential: Credential.site.in_(domains) & Credential.device.in_(refs),
        PlanRevision: PlanRevision.site.in_(domains),
        GuestPass: GuestPass.site.in_(domains)
        & GuestPass.building.in_(select(building.c.ref).where(building.c.id.in_(buildings))),
    }


def _of_home(units: tuple[int, ...], people: tuple[int, ...]) -> dict[Any, Any]:
    """An own unit with its household, or oneself alone; no rules, no plans, no neighbours."""
    unit, person, device, site = Unit.__table__, Person.__table__, Device.__table__, Site.__table__
    member = DialGroupMember.__table__
    household = select(person.c.id).where(or_(person.c.unit_id.in_(units), person.c.id.in_(people)))
    home = select(person.c.unit_id).where(person.c.id.in_(people), person.c.unit_id.is_not(None))
    seen_units = or_(unit.c.id.in_(units), unit.c.id.in_(home))
    devices = select(device.c.id).where(
        or_(device.c.unit_id.in_(units), device.c.person_id.in_(household))
    )
    inside = or_(member.c.person_id.in_(household), member.c.device_id.in_(devices))
    touched = select(member.c.group_id).where(inside)
    outside = select(member.c.group_id).where(~db.func.coalesce(inside, false()))
    sites = or_(
        Site.id.in_(select(unit.c.site_id).where(seen_units)),
        Site.id.in_(select(person.c.site_id).where(person.c.id.in_(people))),
    )
    own = select(device.c.ref, site.c.domain).join(site, site.c.id == device.c.site_id)
    host = select(person.c.ref, site.c.domain).join(site, site.c.id == person.c.site_id)
    return {
        Site: sites,
        Building: Building.id.in_(select(unit.c.building_id).where(seen_units)),
        Unit: or_(Unit.id.in_(units), Unit.id.in_(home)),
        Person: Person.id.in_(household),
        Device: Device.id.in_(devices),
        Button: Button.person_id.in_(household),
        DialGroup: DialGroup.id.in_(touched) & DialGroup.id.not_in(outside),
        Credential: tuple_(Credential.device, Credential.site).in_(own.where(device.c.id.in_(devices))),
        GuestPass: tuple_(GuestPass.host, GuestPass.site).in_(host.where(person.c.id.in_(people))),
    }


def _of_visited(units: tuple[int, ...]) -> dict[Any, Any]:
    """Where one is a guest: the house, nobody in it."""
    unit = Unit.__table__
    of_unit = unit.c.id.in_(units)
    return {
        Site: Site.id.in_(select(unit.c.site_id).where(of_unit)),
        Building: Building.id.in_(select(unit.c.building_id).where(of_unit)),
    }


@contextmanager
def lifted() -> Iterator[None]:
    """Without the wall, for what the server itself must read: log-ins, and compiling a whole site."""
    before = getattr(g, "criteria", None)
    g.criteria = ()
    try:
        yield
    finally:
        g.criteria = before


def raise_wall(reach: Reach) -> None:
    """From here on this request sees what `reach` says."""
    g.reach = reach
    g.criteria = reach.criteria()


def _narrow(state: ORMExecuteState) -> None:
    if not has_request_context() or state.is_column_load or state.is_relationship_load:
        return
    criteria = getattr(g, "criteria", None)
    if criteria is None:
        criteria = g.criteria = NOTHING.criteria()
    if criteria and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(*criteria)


event.listen(db.session, "do_orm_execute", _narrow)

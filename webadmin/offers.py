"""What forms offer to choose from: things of a site that lie within reach, by their refs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g
from sqlalchemy import select

from dialplan.rows import SiteRows
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.forms import choices
from webadmin.languages import translate
from webadmin.models import Building, Device, Door, Person, Schedule, Site, Unit
from webadmin.publishing.rows import site_rows

Offer = list[tuple[str, str]]


def whole(site: Site) -> SiteRows:
    """A site's rows, also those beyond reach: what an edit begins with."""
    with lifted():
        return site_rows(db.session(), site)


def buildings(site: Site) -> Offer:
    """Buildings in their order."""
    return _named(Building, site, Building.position)


def doors(site: Site) -> Offer:
    """Doors in their order."""
    return _named(Door, site, Door.position)


def schedules(site: Site) -> Offer:
    """Schedules in their order."""
    return _named(Schedule, site, Schedule.position)


def people(site: Site) -> Offer:
    """People by name."""
    return _named(Person, site, Person.name)


def units(site: Site) -> Offer:
    """Units with their building."""
    query = select(Unit.ref, Unit.name, Building.name).join(Building, Building.id == Unit.building_id)
    query = query.where(Unit.site_id == site.id).order_by(Building.position, Unit.position)
    return [(ref, f"{name}, {building}") for ref, name, building in db.session.execute(query)]


def devices(site: Site, *kinds: str) -> Offer:
    """Devices of these kinds in their order."""
    query = select(Device.ref, Device.name).where(Device.site_id == site.id, Device.kind.in_(kinds))
    return [(ref, name or ref) for ref, name in db.session.execute(query.order_by(Device.position))]


def offer(field: Any, offered: Sequence[tuple[str, str]], *, now: str = "", none: str = "") -> None:
    """Set a field's choices. `none`: an English phrase for choosing nothing; `now`: what is set, which stays
    a choice though it lies beyond reach.
    """
    pairs = [("", translate(g.language, none))] if none else []
    pairs += offered
    if now and now not in {value for value, _ in offered}:
        pairs.append((now, now))
    field.choices = choices(pairs)


def speak(*fields: Any) -> None:
    """The labels of fixed choices in the language of the page."""
    for field in fields:
        field.choices = choices(
            (str(each.value), translate(g.language, each.label)) for each in _each(field.choices)
        )


def _each(offered: Any) -> Iterable[Any]:
    return offered or ()


def _named(table: Any, site: Site, order: Any) -> Offer:
    query = select(table.ref, table.name).where(table.site_id == site.id).order_by(order)
    return [(ref, name) for ref, name in db.session.execute(query)]

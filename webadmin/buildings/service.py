"""Changes of buildings as functions of a site's rows, and of a site's own fields, which are no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.rows import BuildingRow, SiteRows
from webadmin import audit
from webadmin.editing.changes import Edit, Stale, expect, fingerprint
from webadmin.editing.difference import with_row, without_row
from webadmin.models import Building, Site
from webadmin.people.service import new_id, one
from webadmin.publishing.publish import publish

OWN_FIELDS = ("name", "time_zone", "language", "buttons_wait")
"""What a site's own form changes."""


def add_building(name: str) -> Edit:
    """A new building; its id is chosen here."""

    def edit(rows: SiteRows) -> SiteRows:
        return with_row(rows, "buildings", BuildingRow(new_id(rows, "buildings", name), name))

    return edit


def save_building(key: str, name: str, address: str, version: str) -> Edit:
    """Another name, unless somebody else was here meanwhile. `address`: as it stands, which is no row."""

    def edit(rows: SiteRows) -> SiteRows:
        now = one(rows, "buildings", key)
        expect((now, address), version)
        return with_row(rows, "buildings", replace(now, name=name))

    return edit


def remove_building(key: str) -> Edit:
    """Take a building away; what stands in it makes the compiler say so."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "buildings", key)
        return without_row(rows, "buildings", key)

    return edit


def set_address(session: Session, site_id: int, name: str, address: str, ref: str = "") -> None:
    """The address of a building: no part of the plan. Without `ref` of the newest by that name."""
    query = select(Building).where(Building.site_id == site_id)
    query = query.where(Building.ref == ref) if ref else query.where(Building.name == name)
    building = session.scalars(query.order_by(Building.id.desc()).limit(1)).one_or_none()
    if building is None:
        raise Stale
    building.address = address


def state(site: Site) -> str:
    """Tells one state of a site's own fields from another."""
    return fingerprint([getattr(site, name) for name in OWN_FIELDS])


def save_site(
    session: Session, site_id: int, values: Mapping[str, Any], version: str, who: str, at: datetime
) -> int:
    """The site's own fields, published; returns the revision.

    Raises:
        Stale: somebody else changed them meanwhile.
        PlanRejected: zone or language are none.
    """
    site = session.get_one(Site, site_id)
    if state(site) != version:
        raise Stale
    for name in OWN_FIELDS:
        setattr(site, name, values[name])
    session.flush()
    note = f"{site.name}: time zone {site.time_zone}, language {site.language}"
    done = publish(session, site, author=who, note=note, at=at)
    audit.record(session, at, who, "changed a site", f"{site.domain}: {note}", site.organisation_id)
    return done.revision

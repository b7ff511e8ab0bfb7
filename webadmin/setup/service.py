"""What the guided set-up does: a new site, and edits of its rows that later pages could make as well."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dialplan.rows import (
    BuildingRow,
    DeviceKind,
    DeviceRow,
    DoorRow,
    PersonRow,
    RuleRow,
    SiteKind,
    SiteRows,
    UnitRow,
)
from webadmin import audit
from webadmin.editing.changes import Edit
from webadmin.editing.difference import with_row
from webadmin.models import Device, Door, Organisation, Panel, Person, Site, Unit
from webadmin.models.panel import PanelDoor
from webadmin.people.service import add_device, move_in, new_id
from webadmin.publishing.publish import publish
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SiteFile

STEPS = ("house", "units", "people", "panel", "door", "ring")
MOST_UNITS = 500


class DomainTaken(Exception):
    """Another site has this domain."""


def slug(name: str) -> str:
    """A name as part of a domain: "Fjordgata 12" is "fjordgata-12"."""
    plain = name.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "house"


def make_site(
    session: Session, who: str, name: str, domain: str, kind: SiteKind, language: str, at: datetime
) -> Site:
    """A new site with one building of its name, in an organisation of its own, published.

    Raises:
        DomainTaken: there is one by that domain.
        PlanRejected: the domain is none.
    """
    if session.scalar(select(func.count()).where(Site.domain == domain)):
        raise DomainTaken
    taken = set(session.scalars(select(Organisation.ref)))
    ref = next(each for each in _numbered(slug(name)) if each not in taken)
    rows = SiteRows(
        domain=domain,
        organisation=ref,
        kind=kind,
        time_zone="Europe/Oslo",
        language=language,
        buildings=(BuildingRow(slug(name), name),),
    )
    site = import_site(session, SiteFile(rows, name, name, "MD5", frozenset(), {}), at)
    publish(session, site, author=who, note=name, at=at)
    audit.record(session, at, who, "made a site", domain, site.organisation_id)
    return site


def _numbered(base: str) -> Iterable[str]:
    yield base
    for number in range(2, 10_000):
        yield f"{base}-{number}"


def done(session: Session, site_id: int | None) -> dict[str, bool]:
    """Which steps are behind us, in their order."""
    if site_id is None:
        return dict.fromkeys(STEPS, False)

    def some(row: Any, *where: Any) -> bool:
        query = select(func.count()).select_from(row).where(row.site_id == site_id, *where)
        return bool(session.scalar(query))

    on_device = select(Device.id).where(Device.site_id == site_id)
    at_a_panel = select(PanelDoor.door_id).join(Panel, Panel.device_id == PanelDoor.panel_id)
    rings = select(Device.person_id).where(Device.site_id == site_id, Device.person_id.is_not(None))
    return {
        "house": True,
        "units": some(Unit),
        "people": some(Person, Person.id.in_(rings)),
        "panel": bool(
            session.scalar(select(func.count()).select_from(Panel).where(Panel.device_id.in_(on_device)))
        ),
        "door": some(Door, Door.id.in_(at_a_panel)),
        "ring": False,
    }


def unit_names(text: str) -> list[str]:
    """The units of a text, one a line or with commas between; each once."""
    found = (each.strip() for each in re.split(r"[\n,;]", text))
    return list(dict.fromkeys(each for each in found if each))


def add_units(names: Iterable[str], building: str) -> Edit:
    """Units that are not there yet."""

    def edit(rows: SiteRows) -> SiteRows:
        known = {unit.name for unit in rows.units}
        for name in names:
            if name not in known:
                key = new_id(rows, "units", name)
                rows = with_row(rows, "units", UnitRow(key, building or rows.buildings[0].id, name))
        return rows

    return edit


def add_people(names: Mapping[str, Iterable[str]], kind: DeviceKind) -> Edit:
    """People by unit, each with a device of that kind and an own button; who is there already stays."""

    def edit(rows: SiteRows) -> SiteRows:
        for unit, people in names.items():
            for name in people:
                if not any((person.unit, person.name) == (unit, name) for person in rows.people):
                    rows = move_in(PersonRow("new", name, unit=unit), kind, True)(rows)
        return _with_devices(rows, kind, frozenset(names))

    return edit


def _with_devices(rows: SiteRows, kind: DeviceKind, units: frozenset[str]) -> SiteRows:
    """Somebody must be able to ring: who has nothing, in the units that were named, gets a device."""
    having = {device.person for device in rows.devices}
    for person in rows.people:
        if person.unit in units and person.id not in having and not person.telephone:
            rows = add_device(person.id, kind, "")(rows)
    return rows


def add_door(door: DoorRow, panel: str, driven: str, controller: str) -> Edit:
    """A door at a panel, what drives it, and the right of everybody in its building to open it.

    Args:
        driven: "controller" for a controller of ours, which is made, named `controller`; else the panel.
    """

    def edit(rows: SiteRows) -> SiteRows:
        building = next(device.building for device in rows.devices if device.id == panel)
        key, driver = new_id(rows, "doors", door.name), panel
        if driven == "controller":
            driver = new_id(rows, "devices", controller)
            box = DeviceRow(driver, "controller", name=controller, building=building)
            rows = with_row(rows, "devices", box)
        made = replace(door, id=key, building=building, controller=driver, relay=door.relay or key[:32])
        rows = with_row(rows, "doors", made)
        panels = tuple(
            replace(each, doors=(*each.doors, key)) if each.device == panel else each for each in rows.panels
        )
        rule = RuleRow(new_id(rows, "rules", f"residents-{key}"), (key,), buildings=(building,))
        return with_row(replace(rows, panels=panels), "rules", rule)

    return edit

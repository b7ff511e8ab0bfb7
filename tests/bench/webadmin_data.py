"""What the benches of WebAdmin work on: many houses full of people, written in a transaction a site."""

from __future__ import annotations

from datetime import UTC, datetime

from dialplan.rows import BuildingRow, ButtonRow, DeviceRow, PersonRow, SiteRows, UnitRow
from webadmin.app import create_app
from webadmin.auth.entering import make_first
from webadmin.auth.links import make_link
from webadmin.db import db, writing
from webadmin.publishing.publish import publish
from webadmin.settings import Settings
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SiteFile

HOUSEHOLD = 2


def rows(number: int, buildings: int, units: int) -> SiteRows:
    """One site: so many buildings of so many units each, two people in each, an app and a button a person."""
    flats = tuple(
        UnitRow(f"u{b}-{u}", f"b{b}", f"H{b}{u:02}") for b in range(buildings) for u in range(units)
    )
    people = tuple(
        PersonRow(f"p{flat.id}-{n}", f"Person {number} {flat.name} {n}", unit=flat.id)
        for flat in flats
        for n in range(HOUSEHOLD)
    )
    return SiteRows(
        domain=f"s{number}.example",
        organisation=f"o{number}",
        kind="residential",
        buildings=tuple(BuildingRow(f"b{b}", f"Gata {b}") for b in range(buildings)),
        units=flats,
        people=people,
        devices=tuple(DeviceRow(f"{each.id}-app", "app", person=each.id) for each in people),
        buttons=tuple(ButtonRow(f"{each.id}-button", person=each.id) for each in people),
    )


def fill(settings: Settings, sites: int, buildings: int = 5, units: int = 50) -> str:
    """All sites and an owner; returns the code of a way in. The first site has the key 1."""
    app = create_app(settings)
    at = datetime.now(UTC)
    with app.app_context():
        for number in range(sites):
            with writing() as session:
                house = rows(number, buildings, units)
                declared = SiteFile(house, f"O{number}", f"S{number}", "MD5", frozenset(), {})
                publish(session, import_site(session, declared, at), author="bench", note="", at=at)
        with writing() as session:
            make_first(session, "Bench", "bench@x.example", "en lang setning om dører", at)
            code = make_link(session, at)
        db.session.remove()
        db.engine.dispose()
    return code

"""Brings a site's tables to what a site file declares: adds, changes, and removes what it no longer names.

Rows keep their ids from one import to the next, so that pages about them keep their addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.rows import (
    ButtonRow,
    DeviceRow,
    DoorRow,
    GroupRow,
    Pause,
    PersonRow,
    RuleRow,
    SiteRows,
    TelephonyRow,
)
from webadmin.db import Row
from webadmin.models import (
    AccessRule,
    Building,
    Button,
    Calendar,
    Device,
    DialGroup,
    Door,
    Organisation,
    Person,
    Schedule,
    Site,
    Telephony,
    Unit,
)
from webadmin.site_file.errors import Fault, SiteFileError
from webadmin.site_file.lines import line_of
from webadmin.site_file.parts import add_parts, delete_parts
from webadmin.site_file.reader import SiteFile


def import_site(session: Session, declared: SiteFile, at: datetime) -> Site:
    """Bring the tables to `declared`, whose rows must compile; the caller's transaction holds it all.

    Raises:
        SiteFileError: the site exists with another type, or belongs to another organisation.
    """
    site = _site(session, declared, at)
    Import(session, site.id).run(declared)
    return site


def _site(session: Session, declared: SiteFile, at: datetime) -> Site:
    rows = declared.rows
    organisation = session.scalars(
        select(Organisation).where(Organisation.ref == rows.organisation)
    ).one_or_none()
    site = session.scalars(select(Site).where(Site.domain == rows.domain).with_for_update()).one_or_none()
    if site is not None and (organisation is None or site.organisation_id != organisation.id):
        raise _refusal(declared, ("organisation", "id"), "the site belongs to another organisation already")
    if site is not None and site.kind != rows.kind:
        raise _refusal(declared, ("site", "kind"), f"fixed when the site was made: it is {site.kind}")
    if organisation is None:
        organisation = Organisation(ref=rows.organisation, created_at=at)
        session.add(organisation)
    organisation.name = declared.organisation_name
    session.flush()
    if site is None:
        site = Site(organisation_id=organisation.id, domain=rows.domain, kind=rows.kind, created_at=at)
        session.add(site)
    site.name = declared.site_name
    site.time_zone = rows.time_zone
    site.language = rows.language
    site.algorithm = declared.algorithm
    session.flush()
    return site


def _refusal(declared: SiteFile, path: tuple[str, ...], message: str) -> SiteFileError:
    return SiteFileError([Fault(line_of(dict(declared.lines), path), ".".join(path), message)])


class Identified(Protocol):
    """A row of the compiler that has an id."""

    @property
    def id(self) -> str:
        """Its id."""


class Import:
    """One import of a whole site; `_ids` maps a table and a row's ref to its key."""

    def __init__(self, session: Session, site_id: int) -> None:
        self._session = session
        self._site_id = site_id
        self._gone: list[Row] = []
        self._ids: dict[str, dict[str, int]] = {}

    def run(self, declared: SiteFile) -> None:
        """Write everything, what is referred to first."""
        rows = declared.rows
        self._drop_parts()
        self._bring(Calendar, rows.calendars, lambda row: {"name": row.name, "norwegian": row.norwegian})
        self._bring(Schedule, rows.schedules, lambda row: {"name": row.name, "time_zone": row.time_zone})
        self._bring(Building, rows.buildings, lambda row: {"name": row.name})
        self._bring(
            Unit, rows.units, lambda row: {"name": row.name, "building_id": self._id(Building, row.building)}
        )
        self._bring(Person, rows.people, self._person)
        self._bring(Device, rows.devices, lambda row: self._device(row, row.id in declared.legacy))
        self._bring(DialGroup, rows.groups, _group)
        self._bring(Door, rows.doors, self._door)
        self._bring(Button, rows.buttons, self._button)
        self._bring(AccessRule, rows.rules, self._rule)
        self._bring(Telephony, rows.telephony, _telephony)
        self._add_parts(rows)
        self._session.flush()
        for _, items in groupby(reversed(self._gone), type):  # what refers before what it refers to
            for item in items:
                self._session.delete(item)
            self._session.flush()

    def _drop_parts(self) -> None:
        delete_parts(self._session, self._site_id)

    def _add_parts(self, rows: SiteRows) -> None:
        add_parts(self._session, rows, self._ids)

    def _bring(self, model: Any, rows: Iterable[Any], values: Callable[[Any], dict[str, Any]]) -> None:
        found = self._session.scalars(select(model).where(model.site_id == self._site_id))
        existing = {item.ref: item for item in found}
        present = {}
        for position, row in enumerate(rows):
            item = existing.pop(row.id, None)
            if item is None:
                item = model(site_id=self._site_id, ref=row.id)
                if model is Person:  # who stands in a site file is here
                    item.arrived = True
                self._session.add(item)
            for name, value in {**values(row), "position": position}.items():
                setattr(item, name, value)
            present[row.id] = item
        self._session.flush()
        self._gone.extend(existing.values())
        self._ids[model.__tablename__] = {ref: item.id for ref, item in present.items()}

    def _id(self, model: Any, ref: str) -> int | None:
        return self._ids[model.__tablename__][ref] if ref else None

    def _person(self, row: PersonRow) -> dict[str, Any]:
        return {
            "name": row.name,
            "user": row.user,
            "number": row.number,
            "alias": row.alias,
            "unit_id": self._id(Unit, row.unit),
            "ring_station": row.ring_station,
            "telephone": row.telephone,
            **_pause("hidden", row.hidden),
            **_pause("do_not_disturb", row.do_not_disturb),
        }

    def _device(self, row: DeviceRow, legacy: bool) -> dict[str, Any]:
        return {
            "kind": row.kind,
            "username": row.username,
            "number": row.number,
            "name": row.name,
            "person_id": self._id(Person, row.person),
            "unit_id": self._id(Unit, row.unit),
            "building_id": self._id(Building, row.building),
            "legacy": legacy,
        }

    def _door(self, row: DoorRow) -> dict[str, Any]:
        return {
            "name": row.name,
            "building_id": self._id(Building, row.building),
            "controller_id": self._id(Device, row.controller),
            "relay": row.relay,
            "driver": row.driver,
            "open_seconds": row.open_seconds,
            "fail": row.fail,
            "resting": row.resting,
            "escape_route": row.escape_route,
            "exit_hardware": row.exit_hardware,
            "lockdown": row.lockdown,
            "hold_id": self._id(Schedule, row.hold),
            "contact": row.contact,
            "left_open_seconds": row.left_open_seconds,
            "forced_alarm": row.forced_alarm,
            "address": row.address,
            "payload": row.payload,
        }

    def _button(self, row: ButtonRow) -> dict[str, Any]:
        return {
            "kind": row.kind,
            "label": row.label,
            "user": row.user,
            "number": row.number,
            "person_id": self._id(Person, row.person),
            "group_id": self._id(DialGroup, row.group),
            "building_id": self._id(Building, row.building),
            "every_panel": row.panels is None,
            "ring_seconds": row.ring_seconds,
            "fallback_id": self._id(DialGroup, row.fallback),
            "ring_limit": row.ring_limit,
            "talk_seconds": row.talk_seconds,
            "decline": row.decline,
            **_pause("hidden", row.hidden),
            "caretaker": row.caretaker,
        }

    def _rule(self, row: RuleRow) -> dict[str, Any]:
        return {
            "methods": ",".join(row.methods),
            "during_id": self._id(Schedule, row.during),
            "outside_id": self._id(Schedule, row.outside),
        }


def _group(row: GroupRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "ringing": row.ringing,
        "ring_seconds": row.ring_seconds,
        "step_seconds": row.step_seconds,
        "rings_on": row.rings_on,
    }


def _telephony(row: TelephonyRow) -> dict[str, Any]:
    pairs = {
        "rates": [[each.prefix, each.price] for each in row.rates],
        "caller_ids": [[each.building, each.number] for each in row.caller_ids],
    }
    lists = {name: list(getattr(row, name)) for name in ("countries", "kinds", "trunks")}
    limits = ("calls", "calls_per_person", "calls_per_hour", "minutes_per_day", "money_per_day")
    plain = (*limits, "region", "caller_id", "dial_out", "emergency", "call_in")
    values = {name: getattr(row, name) for name in plain}
    return {**values, **lists, **pairs}


def _pause(field: str, value: Pause) -> dict[str, Any]:
    if isinstance(value, bool):
        return {field: value, f"{field}_until": None}
    return {field: True, f"{field}_until": value}

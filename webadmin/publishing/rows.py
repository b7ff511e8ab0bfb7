"""Reads a site's tables into the rows that `dialplan.compile` wants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.rows import (
    BuildingRow,
    ButtonRow,
    CallerIdRow,
    DeviceRow,
    DoorRow,
    KeyRow,
    PanelRow,
    Pause,
    PersonRow,
    RateRow,
    SiteRows,
    TelephonyRow,
    ThenRow,
    UnitRow,
)
from webadmin.models import (
    Building,
    Button,
    ButtonPanel,
    Device,
    Door,
    DoorInterlock,
    DoorKey,
    DoorThen,
    Organisation,
    Panel,
    PanelDoor,
    Person,
    Site,
    Telephony,
    Unit,
)
from webadmin.publishing.parts import RefOf, columns_of, parts, refs
from webadmin.publishing.rule_rows import calendar_rows, group_rows, in_order, rule_rows, schedule_rows


def site_rows(session: Session, site: Site) -> SiteRows:
    """All rows of a site, in their order; one to three queries a table, whatever the site's size."""
    of = refs(session, site)
    return SiteRows(
        domain=site.domain,
        organisation=session.get_one(Organisation, site.organisation_id).ref,
        kind=site.kind,
        time_zone=site.time_zone,
        language=site.language,
        buildings=tuple(BuildingRow(row.ref, row.name) for row in in_order(session, site, Building)),
        units=tuple(
            UnitRow(row.ref, of("building", row.building_id), row.name)
            for row in in_order(session, site, Unit)
        ),
        people=tuple(_person(row, of) for row in in_order(session, site, Person)),
        devices=tuple(_device(row, of) for row in in_order(session, site, Device)),
        doors=_doors(session, site, of),
        panels=_panels(session, site, of),
        groups=group_rows(session, site, of),
        buttons=_buttons(session, site, of),
        schedules=schedule_rows(session, site),
        calendars=calendar_rows(session, site),
        rules=rule_rows(session, site, of),
        telephony=tuple(_telephony(row) for row in in_order(session, site, Telephony)),
    )


def person_row(session: Session, site: Site, ref: str) -> PersonRow | None:
    """One person as in `site_rows`, without reading the site; None: there is no such person."""
    own = (Person.site_id == site.id, Person.ref == ref)
    query = select(*columns_of(Person), Unit.ref.label("unit")).outerjoin(Unit, Unit.id == Person.unit_id)
    row = session.execute(query.where(*own)).one_or_none()
    return _person(row, lambda table, key: row.unit or "") if row is not None else None


def _person(row: Any, of: RefOf) -> PersonRow:
    return PersonRow(
        row.ref,
        row.name,
        row.user,
        row.number,
        row.alias,
        of("unit", row.unit_id),
        row.ring_station,
        _pause(row.hidden, row.hidden_until),
        _pause(row.do_not_disturb, row.do_not_disturb_until),
        row.telephone,
    )


def _telephony(row: Any) -> TelephonyRow:
    return TelephonyRow(
        row.ref,
        tuple(row.countries),
        tuple(row.kinds),
        row.calls,
        row.calls_per_person,
        row.calls_per_hour,
        row.minutes_per_day,
        row.money_per_day,
        tuple(RateRow(*pair) for pair in row.rates),
        tuple(row.trunks),
        row.region,
        row.caller_id,
        tuple(CallerIdRow(*pair) for pair in row.caller_ids),
        row.dial_out,
        row.emergency,
        row.call_in,
    )


def _device(row: Any, of: RefOf) -> DeviceRow:
    return DeviceRow(
        row.ref,
        row.kind,
        row.username,
        row.number,
        row.name,
        of("person", row.person_id),
        of("unit", row.unit_id),
        of("building", row.building_id),
    )


def _doors(session: Session, site: Site, of: RefOf) -> tuple[DoorRow, ...]:
    interlocks = parts(session, site, DoorInterlock.door_id, Door, lambda row: of("door", row.other_id))
    thens = parts(
        session, site, DoorThen.door_id, Door, lambda row: ThenRow(of("door", row.next_id), row.delay)
    )
    return tuple(
        DoorRow(
            row.ref,
            row.name,
            of("building", row.building_id),
            of("device", row.controller_id),
            row.relay,
            row.driver,
            row.open_seconds,
            row.fail,
            row.resting,
            row.escape_route,
            row.exit_hardware,
            row.lockdown,
            interlocks[row.id],
            thens[row.id],
            of("schedule", row.hold_id),
            row.contact,
            row.left_open_seconds,
            row.forced_alarm,
            row.address,
            row.payload,
        )
        for row in in_order(session, site, Door)
    )


def _panels(session: Session, site: Site, of: RefOf) -> tuple[PanelRow, ...]:
    panels = select(Panel, Device.ref).join(Device, Device.id == Panel.device_id)
    found = session.execute(panels.where(Device.site_id == site.id).order_by(Device.position))
    doors = parts(session, site, PanelDoor.panel_id, Device, lambda row: of("door", row.door_id))
    keys = parts(
        session, site, DoorKey.panel_id, Device, lambda row: KeyRow(row.digit, of("door", row.door_id))
    )
    return tuple(
        PanelRow(
            ref,
            doors[panel.device_id],
            keys[panel.device_id],
            panel.talk_seconds,
            panel.answer_early,
            panel.idle_seconds,
            panel.camera_notice,
        )
        for panel, ref in found
    )


def _buttons(session: Session, site: Site, of: RefOf) -> tuple[ButtonRow, ...]:
    panels = parts(session, site, ButtonPanel.button_id, Button, lambda row: of("device", row.panel_id))
    return tuple(
        ButtonRow(
            row.ref,
            row.kind,
            row.label,
            row.user,
            row.number,
            of("person", row.person_id),
            of("dial_group", row.group_id),
            of("building", row.building_id),
            None if row.every_panel else panels[row.id],
            row.ring_seconds,
            of("dial_group", row.fallback_id),
            row.ring_limit,
            row.talk_seconds,
            row.decline,
            _pause(row.hidden, row.hidden_until),
            row.caretaker,
        )
        for row in in_order(session, site, Button)
    )


def _pause(on: bool, until: datetime | None) -> Pause:
    return until if on and until is not None else on

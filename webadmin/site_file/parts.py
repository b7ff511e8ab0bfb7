"""The parts that things of a site consist of: members, keys, periods ... They have no identity of their own,
so an import deletes and adds them anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dialplan.rows import GroupRow, MemberRow, RuleRow, ScheduleRow, SiteRows
from webadmin.db import Row
from webadmin.models import (
    AccessRule,
    AccessRuleDoor,
    AccessRuleHolder,
    Button,
    ButtonPanel,
    Calendar,
    Controller,
    Device,
    DialGroup,
    DialGroupMember,
    Door,
    DoorInterlock,
    DoorKey,
    DoorThen,
    Holiday,
    Panel,
    PanelDoor,
    Schedule,
    ScheduleCalendar,
    ScheduleException,
    ScheduleHours,
    SchedulePeriod,
)

Ids = Mapping[str, Mapping[str, int]]
"""Keys by table name and ref."""

OWNERS = (
    (Holiday.calendar_id, Calendar),
    (ScheduleCalendar.schedule_id, Schedule),
    (SchedulePeriod.schedule_id, Schedule),
    (ScheduleHours.schedule_id, Schedule),
    (ScheduleException.schedule_id, Schedule),
    (DialGroupMember.group_id, DialGroup),
    (DoorInterlock.door_id, Door),
    (DoorThen.door_id, Door),
    (ButtonPanel.button_id, Button),
    (AccessRuleDoor.rule_id, AccessRule),
    (AccessRuleHolder.rule_id, AccessRule),
    (PanelDoor.panel_id, Device),
    (DoorKey.panel_id, Device),
    (Panel.device_id, Device),
    (Controller.device_id, Device),
)


def delete_parts(session: Session, site_id: int) -> None:
    """Delete all parts of a site's things."""
    for column, owner in OWNERS:
        owned = column.in_(select(owner.id).where(owner.site_id == site_id))
        session.execute(delete(column.class_).where(owned).execution_options(synchronize_session=False))


def add_parts(session: Session, rows: SiteRows, ids: Ids) -> None:
    """Add the parts of every thing in `rows`; the things themselves are there already."""
    session.add_all(boxes(rows, ids))
    session.flush()
    add_lines(session, rows, ids)


def boxes(rows: SiteRows, ids: Ids) -> Iterator[Row]:
    """What controllers and panels are beyond devices."""
    for row in rows.devices:
        if row.kind == "controller":
            yield Controller(device_id=ids["device"][row.id])
    for panel in rows.panels:
        yield Panel(
            device_id=ids["device"][panel.device],
            talk_seconds=panel.talk_seconds,
            answer_early=panel.answer_early,
            idle_seconds=panel.idle_seconds,
            camera_notice=panel.camera_notice,
        )


def add_lines(session: Session, rows: SiteRows, ids: Ids) -> None:
    """Add all other parts."""
    session.add_all(_calendar_parts(rows, ids))
    for schedule in rows.schedules:
        _add_schedule_parts(session, schedule, ids)
    for group in rows.groups:
        session.add_all(_members(group, ids))
    session.add_all(_door_parts(rows, ids))
    session.add_all(_panel_parts(rows, ids))
    for rule in rows.rules:
        session.add_all(_rule_parts(rule, ids))


def _calendar_parts(rows: SiteRows, ids: Ids) -> Iterator[Row]:
    for calendar in rows.calendars:
        for position, day in enumerate(calendar.dates):
            yield Holiday(calendar_id=ids["calendar"][calendar.id], position=position, day=day)


def _add_schedule_parts(session: Session, row: ScheduleRow, ids: Ids) -> None:
    own = ids["schedule"][row.id]
    for position, period in enumerate(row.periods):
        session.add(
            SchedulePeriod(
                schedule_id=own,
                position=position,
                days=",".join(period.days),
                start=period.start,
                end=period.end,
            )
        )
    for position, calendar in enumerate(row.calendars):
        key = ids["calendar"][calendar]
        session.add(ScheduleCalendar(schedule_id=own, calendar_id=key, position=position))
    for position, hours in enumerate(row.holiday_hours):
        session.add(ScheduleHours(schedule_id=own, position=position, start=hours.start, end=hours.end))
    for position, each in enumerate(row.exceptions):
        exception = ScheduleException(schedule_id=own, position=position, first=each.first, last=each.last)
        session.add(exception)
        session.flush()
        for place, hours in enumerate(each.hours):
            session.add(
                ScheduleHours(
                    schedule_id=own,
                    exception_id=exception.id,
                    position=place,
                    start=hours.start,
                    end=hours.end,
                )
            )


def _members(group: GroupRow, ids: Ids) -> Iterator[Row]:
    for position, row in enumerate(group.members):
        yield DialGroupMember(
            group_id=ids["dial_group"][group.id],
            position=position,
            switched_on=row.on,
            delay=row.delay,
            timeout=row.timeout,
            during_id=ids["schedule"][row.during] if row.during else None,
            outside_id=ids["schedule"][row.outside] if row.outside else None,
            confirm=row.confirm,
            **_target(row, ids),
        )


def _target(row: MemberRow, ids: Ids) -> dict[str, int | str]:
    if row.kind == "number":
        return {"number": row.id}
    table, column = {
        "person": ("person", "person_id"),
        "device": ("device", "device_id"),
        "group": ("dial_group", "member_group_id"),
    }[row.kind]
    return {column: ids[table][row.id]}


def _door_parts(rows: SiteRows, ids: Ids) -> Iterator[Row]:
    for door in rows.doors:
        for position, other in enumerate(door.interlock):
            yield DoorInterlock(door_id=ids["door"][door.id], other_id=ids["door"][other], position=position)
        for position, each in enumerate(door.then):
            own, after = ids["door"][door.id], ids["door"][each.door]
            yield DoorThen(door_id=own, next_id=after, position=position, delay=each.delay)
    for button in rows.buttons:
        for position, panel in enumerate(button.panels or ()):
            yield ButtonPanel(
                button_id=ids["button"][button.id], panel_id=ids["device"][panel], position=position
            )


def _panel_parts(rows: SiteRows, ids: Ids) -> Iterator[Row]:
    for panel in rows.panels:
        own = ids["device"][panel.device]
        for position, door in enumerate(panel.doors):
            yield PanelDoor(panel_id=own, door_id=ids["door"][door], position=position)
        for position, key in enumerate(panel.keys):
            yield DoorKey(panel_id=own, digit=key.digit, door_id=ids["door"][key.door], position=position)


def _rule_parts(rule: RuleRow, ids: Ids) -> Iterator[Row]:
    own = ids["access_rule"][rule.id]
    for position, door in enumerate(rule.doors):
        yield AccessRuleDoor(rule_id=own, door_id=ids["door"][door], position=position)
    holders: list[dict[str, int]] = []
    for column, table, refs in (
        ("person_id", "person", rule.people),
        ("unit_id", "unit", rule.units),
        ("building_id", "building", rule.buildings),
    ):
        holders += [{column: ids[table][ref]} for ref in refs]
    for position, holder in enumerate(holders):
        yield AccessRuleHolder(rule_id=own, position=position, **holder)

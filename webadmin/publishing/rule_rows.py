"""The rows of what rules when and whom: dial groups, schedules, calendars, access rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.rows import (
    CalendarRow,
    ExceptionRow,
    GroupRow,
    HoursRow,
    MemberRow,
    PeriodRow,
    RuleRow,
    ScheduleRow,
)
from webadmin.models import (
    AccessRule,
    AccessRuleDoor,
    AccessRuleHolder,
    Calendar,
    DialGroup,
    DialGroupMember,
    Holiday,
    Schedule,
    ScheduleCalendar,
    ScheduleException,
    ScheduleHours,
    SchedulePeriod,
    Site,
)
from webadmin.publishing.parts import RefOf, columns_of, parts


def in_order(session: Session, site: Site, table: Any) -> Sequence[Any]:
    """A site's rows of one table, in the admin's order."""
    columns = columns_of(table)
    return session.execute(select(*columns).where(table.site_id == site.id).order_by(table.position)).all()


def group_rows(session: Session, site: Site, of: RefOf) -> tuple[GroupRow, ...]:
    """Dial groups with their members."""

    def member(row: DialGroupMember) -> MemberRow:
        rest = (row.switched_on, row.delay, row.timeout)
        when = (of("schedule", row.during_id), of("schedule", row.outside_id))
        if row.number is not None:
            return MemberRow("number", row.number, *rest, *when, row.confirm)
        if row.person_id is not None:
            return MemberRow("person", of("person", row.person_id), *rest, *when, row.confirm)
        if row.device_id is not None:
            return MemberRow("device", of("device", row.device_id), *rest, *when, row.confirm)
        return MemberRow("group", of("dial_group", row.member_group_id), *rest, *when, row.confirm)

    members = parts(session, site, DialGroupMember.group_id, DialGroup, member)
    return tuple(
        GroupRow(
            row.ref,
            row.name,
            members[row.id],
            row.ringing,
            row.ring_seconds,
            row.step_seconds,
            row.rings_on,
        )
        for row in in_order(session, site, DialGroup)
    )


def schedule_rows(session: Session, site: Site) -> tuple[ScheduleRow, ...]:
    """Schedules with periods, calendars, holidays' hours and exceptions."""
    periods = parts(
        session,
        site,
        SchedulePeriod.schedule_id,
        Schedule,
        lambda row: PeriodRow(row.start, row.end, tuple(row.days.split(","))),
    )
    names = {row.id: row.ref for row in in_order(session, site, Calendar)}
    calendars = parts(
        session, site, ScheduleCalendar.schedule_id, Schedule, lambda row: names[row.calendar_id]
    )
    hours = parts(
        session,
        site,
        ScheduleHours.schedule_id,
        Schedule,
        lambda row: (row.exception_id, HoursRow(row.start, row.end)),
    )
    exceptions = parts(session, site, ScheduleException.schedule_id, Schedule, lambda row: row)

    def hours_of(schedule: int, exception: int | None) -> tuple[HoursRow, ...]:
        return tuple(each for owner, each in hours[schedule] if owner == exception)

    return tuple(
        ScheduleRow(
            row.ref,
            row.name,
            periods[row.id],
            calendars[row.id],
            hours_of(row.id, None),
            tuple(ExceptionRow(e.first, e.last, hours_of(row.id, e.id)) for e in exceptions[row.id]),
            row.time_zone,
        )
        for row in in_order(session, site, Schedule)
    )


def calendar_rows(session: Session, site: Site) -> tuple[CalendarRow, ...]:
    """Calendars with their days."""
    days = parts(session, site, Holiday.calendar_id, Calendar, lambda row: row.day)
    return tuple(
        CalendarRow(row.ref, row.name, days[row.id], row.norwegian)
        for row in in_order(session, site, Calendar)
    )


def rule_rows(session: Session, site: Site, of: RefOf) -> tuple[RuleRow, ...]:
    """Access rules with their doors and holders."""
    doors = parts(session, site, AccessRuleDoor.rule_id, AccessRule, lambda row: of("door", row.door_id))
    holders = parts(session, site, AccessRuleHolder.rule_id, AccessRule, lambda row: row)
    return tuple(
        RuleRow(
            row.ref,
            doors[row.id],
            tuple(of("person", each.person_id) for each in holders[row.id] if each.person_id is not None),
            tuple(of("unit", each.unit_id) for each in holders[row.id] if each.unit_id is not None),
            tuple(
                of("building", each.building_id) for each in holders[row.id] if each.building_id is not None
            ),
            tuple(row.methods.split(",")),
            of("schedule", row.during_id),
            of("schedule", row.outside_id),
        )
        for row in in_order(session, site, AccessRule)
    )

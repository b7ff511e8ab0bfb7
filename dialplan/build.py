"""Rows that passed their checks, made into a plan: defaults filled in, references and time windows
resolved."""

from __future__ import annotations

from datetime import UTC
from operator import attrgetter

from dialplan import directory as d
from dialplan.groups import Group, Member, Rule
from dialplan.plan import DialPlan
from dialplan.rows import (
    DAYS,
    ButtonRow,
    DeviceRow,
    DoorRow,
    GroupRow,
    HoursRow,
    PanelRow,
    Pause,
    PeriodRow,
    PersonRow,
    RuleRow,
    ScheduleRow,
    SiteRows,
)
from dialplan.schedule import Calendar, Hours, Period, Schedule, SpecialDays, Window

_id = attrgetter("id")


def build(rows: SiteRows) -> DialPlan:
    """The plan these rows mean. They must have passed the checks."""
    calendars = {
        row.id: Calendar(row.id, row.name, frozenset(row.dates), row.norwegian) for row in rows.calendars
    }
    schedules = {row.id: _schedule(row, rows.time_zone, calendars) for row in rows.schedules}
    return DialPlan(
        revision=rows.revision,
        directory=_directory(rows, schedules),
        groups=tuple(_group(row, schedules) for row in sorted(rows.groups, key=_id)),
        schedules=tuple(sorted(schedules.values(), key=_id)),
        calendars=tuple(sorted(calendars.values(), key=_id)),
        rules=tuple(_rule(row, schedules) for row in sorted(rows.rules, key=_id)),
        telephony=next(iter(rows.telephony), None),
    )


def _directory(rows: SiteRows, schedules: dict[str, Schedule]) -> d.Directory:
    names = _Names(rows)
    return d.Directory(
        site=d.Site(rows.domain, rows.organisation, rows.kind, rows.time_zone, rows.language),
        buildings=tuple(d.Building(row.id, row.name) for row in sorted(rows.buildings, key=_id)),
        units=tuple(d.Unit(row.id, row.building, row.name) for row in sorted(rows.units, key=_id)),
        people=tuple(_person(row) for row in sorted(rows.people, key=_id)),
        devices=tuple(_device(row) for row in sorted(rows.devices, key=_id)),
        panels=tuple(
            _panel(row, names.panels[row.device]) for row in sorted(rows.panels, key=attrgetter("device"))
        ),
        doors=tuple(_door(row, schedules) for row in sorted(rows.doors, key=_id)),
        buttons=tuple(_button(row, names) for row in rows.buttons),
    )


def _person(row: PersonRow) -> d.Person:
    return d.Person(
        id=row.id,
        user=row.user or row.id.lower(),
        number=row.number,
        name=row.name,
        alias=row.alias,
        unit=row.unit,
        ring_station=row.ring_station,
        hidden=_pause(row.hidden),
        do_not_disturb=_pause(row.do_not_disturb),
        telephone=row.telephone,
    )


def _pause(pause: Pause) -> Pause:
    return pause if isinstance(pause, bool) else pause.astimezone(UTC)


def _device(row: DeviceRow) -> d.Device:
    return d.Device(
        id=row.id,
        kind=row.kind,
        username=row.username or row.id.lower(),
        number=row.number,
        name=row.name,
        person=row.person,
        unit=row.unit,
        building=row.building,
    )


def _panel(row: PanelRow, building: str) -> d.Panel:
    keys = tuple(d.Key(key.digit, key.door) for key in row.keys)
    return d.Panel(
        row.device,
        building,
        row.doors,
        keys,
        row.talk_seconds,
        row.answer_early,
        row.idle_seconds,
        row.camera_notice,
    )


def _door(row: DoorRow, schedules: dict[str, Schedule]) -> d.Door:
    lockable = row.exit_hardware or not row.escape_route
    return d.Door(
        id=row.id,
        name=row.name,
        building=row.building,
        controller=row.controller,
        relay=row.relay,
        driver=row.driver,
        open_seconds=row.open_seconds,
        fail=row.fail,
        resting=row.resting,
        escape_route=row.escape_route,
        exit_hardware=row.exit_hardware,
        lockdown=lockable if row.lockdown is None else row.lockdown,
        interlock=row.interlock,
        then=tuple(d.Then(each.door, each.delay) for each in row.then),
        hold=schedules[row.hold] if row.hold else None,
        contact=row.contact,
        left_open_seconds=row.left_open_seconds,
        forced_alarm=row.forced_alarm,
        address=row.address,
        payload=row.payload,
    )


def _button(row: ButtonRow, names: _Names) -> d.Button:
    everywhere = tuple(panel for panel, building in names.panels.items() if row.building in ("", building))
    return d.Button(
        id=row.id,
        user=row.user or row.id.lower(),
        number=row.number,
        label=row.label or names.label(row),
        kind=names.kind(row),
        person=row.person,
        group=row.group,
        panels=everywhere if row.panels is None else row.panels,
        ring_seconds=row.ring_seconds,
        fallback=row.fallback,
        ring_limit=row.ring_limit,
        talk_seconds=row.talk_seconds,
        decline=row.decline,
        hidden=_pause(row.hidden),
        caretaker=row.caretaker,
    )


class _Names:
    """What buttons take from other rows."""

    def __init__(self, rows: SiteRows) -> None:
        buildings = {row.id: row.building for row in rows.devices}
        self.panels = {device: buildings[device] for device in sorted(row.device for row in rows.panels)}
        self.people = {row.id: row for row in rows.people}
        self.groups = {row.id: row for row in rows.groups}

    def label(self, row: ButtonRow) -> str:
        """What a button says if nothing else is said."""
        if row.kind != "individual":
            return self.groups[row.group].name
        return self.people[row.person].alias or self.people[row.person].name

    def kind(self, row: ButtonRow) -> d.ButtonKind:
        """Which of the four kinds it is."""
        if row.kind != "common":
            return row.kind
        sequential = self.groups[row.group].ringing == "sequential"
        return "common_sequential" if sequential else "common_simultaneous"


def _group(row: GroupRow, schedules: dict[str, Schedule]) -> Group:
    members = tuple(
        Member(
            kind=member.kind,
            id=member.id,
            on=member.on,
            delay=member.delay,
            timeout=member.timeout,
            window=_window(member.during, member.outside, schedules),
            confirm=member.confirm,
        )
        for member in row.members
    )
    return Group(row.id, row.name, members, row.ringing, row.ring_seconds, row.step_seconds, row.rings_on)


def _rule(row: RuleRow, schedules: dict[str, Schedule]) -> Rule:
    return Rule(
        id=row.id,
        doors=frozenset(row.doors),
        people=frozenset(row.people),
        units=frozenset(row.units),
        buildings=frozenset(row.buildings),
        methods=frozenset(row.methods),
        window=_window(row.during, row.outside, schedules),
    )


def _window(during: str, outside: str, schedules: dict[str, Schedule]) -> Window | None:
    if during:
        return Window(schedules[during])
    return Window(schedules[outside], outside=True) if outside else None


def _schedule(row: ScheduleRow, time_zone: str, calendars: dict[str, Calendar]) -> Schedule:
    return Schedule(
        id=row.id,
        name=row.name,
        time_zone=row.time_zone or time_zone,
        periods=tuple(
            Period(tuple(sorted(DAYS.index(day) for day in period.days)), _hours(period))
            for period in row.periods
        ),
        calendars=tuple(calendars[calendar] for calendar in row.calendars),
        holiday_hours=tuple(_hours(hours) for hours in row.holiday_hours),
        exceptions=tuple(
            SpecialDays(special.first, special.last or special.first, tuple(map(_hours, special.hours)))
            for special in row.exceptions
        ),
    )


def _hours(row: HoursRow | PeriodRow) -> Hours:
    start, end = _minutes(row.start), _minutes(row.end)
    return Hours(start, end if end > start else end + 24 * 60)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)

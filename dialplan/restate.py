"""A plan back into rows, every default spelled out: compiling these gives an equal plan."""

from __future__ import annotations

from dialplan import directory as d
from dialplan import rows as r
from dialplan.groups import Group, Member, Rule
from dialplan.plan import DialPlan
from dialplan.schedule import Calendar, Hours, Schedule, Window

_MIDNIGHT = 24 * 60


def restate(plan: DialPlan) -> r.SiteRows:
    """The rows that say what the plan says; sets in sorted order."""
    directory, site = plan.directory, plan.directory.site
    return r.SiteRows(
        domain=site.domain,
        organisation=site.organisation,
        kind=site.kind,
        time_zone=site.time_zone,
        language=site.language,
        revision=plan.revision,
        buildings=tuple(r.BuildingRow(each.id, each.name) for each in directory.buildings),
        units=tuple(r.UnitRow(each.id, each.building, each.name) for each in directory.units),
        people=tuple(map(_person, directory.people)),
        devices=tuple(map(_device, directory.devices)),
        doors=tuple(map(_door, directory.doors)),
        panels=tuple(map(_panel, directory.panels)),
        groups=tuple(map(_group, plan.groups)),
        buttons=tuple(map(_button, directory.buttons)),
        schedules=tuple(map(_schedule, plan.schedules)),
        calendars=tuple(map(_calendar, plan.calendars)),
        rules=tuple(map(_rule, plan.rules)),
        telephony=(plan.telephony,) if plan.telephony is not None else (),
    )


def _person(person: d.Person) -> r.PersonRow:
    return r.PersonRow(
        id=person.id,
        name=person.name,
        user=person.user,
        number=person.number,
        alias=person.alias,
        unit=person.unit,
        ring_station=person.ring_station,
        hidden=person.hidden,
        do_not_disturb=person.do_not_disturb,
        telephone=person.telephone,
    )


def _device(device: d.Device) -> r.DeviceRow:
    return r.DeviceRow(
        id=device.id,
        kind=device.kind,
        username=device.username,
        number=device.number,
        name=device.name,
        person=device.person,
        unit=device.unit,
        building=device.building,
    )


def _door(door: d.Door) -> r.DoorRow:
    return r.DoorRow(
        id=door.id,
        name=door.name,
        building=door.building,
        controller=door.controller,
        relay=door.relay,
        driver=door.driver,
        open_seconds=door.open_seconds,
        fail=door.fail,
        resting=door.resting,
        escape_route=door.escape_route,
        exit_hardware=door.exit_hardware,
        lockdown=door.lockdown,
        interlock=door.interlock,
        then=tuple(r.ThenRow(each.door, each.delay) for each in door.then),
        hold=door.hold.id if door.hold is not None else "",
        contact=door.contact,
        left_open_seconds=door.left_open_seconds,
        forced_alarm=door.forced_alarm,
        address=door.address,
        payload=door.payload,
    )


def _panel(panel: d.Panel) -> r.PanelRow:
    keys = tuple(r.KeyRow(key.digit, key.door) for key in panel.keys)
    return r.PanelRow(
        panel.device,
        panel.doors,
        keys,
        panel.talk_seconds,
        panel.answer_early,
        panel.idle_seconds,
        panel.camera_notice,
    )


def _button(button: d.Button) -> r.ButtonRow:
    common = button.kind in ("common_simultaneous", "common_sequential")
    return r.ButtonRow(
        id=button.id,
        kind="common" if common else "individual" if button.kind == "individual" else "grouped",
        label=button.label,
        user=button.user,
        number=button.number,
        person=button.person,
        group=button.group,
        panels=button.panels,
        ring_seconds=button.ring_seconds,
        fallback=button.fallback,
        ring_limit=button.ring_limit,
        talk_seconds=button.talk_seconds,
        decline=button.decline,
        hidden=button.hidden,
        caretaker=button.caretaker,
    )


def _group(group: Group) -> r.GroupRow:
    return r.GroupRow(
        id=group.id,
        name=group.name,
        members=tuple(map(_member, group.members)),
        ringing=group.ringing,
        ring_seconds=group.ring_seconds,
        step_seconds=group.step_seconds,
        rings_on=group.rings_on,
    )


def _member(member: Member) -> r.MemberRow:
    during, outside = _window(member.window)
    return r.MemberRow(
        kind=member.kind,
        id=member.id,
        on=member.on,
        delay=member.delay,
        timeout=member.timeout,
        during=during,
        outside=outside,
        confirm=member.confirm,
    )


def _rule(rule: Rule) -> r.RuleRow:
    during, outside = _window(rule.window)
    return r.RuleRow(
        id=rule.id,
        doors=tuple(sorted(rule.doors)),
        people=tuple(sorted(rule.people)),
        units=tuple(sorted(rule.units)),
        buildings=tuple(sorted(rule.buildings)),
        methods=tuple(method for method in r.METHODS if method in rule.methods),
        during=during,
        outside=outside,
    )


def _window(window: Window | None) -> tuple[str, str]:
    """`during` and `outside` of a row."""
    if window is None:
        return "", ""
    return ("", window.schedule.id) if window.outside else (window.schedule.id, "")


def _calendar(calendar: Calendar) -> r.CalendarRow:
    return r.CalendarRow(calendar.id, calendar.name, tuple(sorted(calendar.dates)), calendar.norwegian)


def _schedule(schedule: Schedule) -> r.ScheduleRow:
    return r.ScheduleRow(
        id=schedule.id,
        name=schedule.name,
        periods=tuple(
            r.PeriodRow(*_times(period.hours), tuple(r.DAYS[day] for day in period.days))
            for period in schedule.periods
        ),
        calendars=tuple(calendar.id for calendar in schedule.calendars),
        holiday_hours=tuple(r.HoursRow(*_times(hours)) for hours in schedule.holiday_hours),
        exceptions=tuple(
            r.ExceptionRow(
                special.first, special.last, tuple(r.HoursRow(*_times(hours)) for hours in special.hours)
            )
            for special in schedule.exceptions
        ),
        time_zone=schedule.time_zone,
    )


def _times(hours: Hours) -> tuple[str, str]:
    end = hours.end if hours.end <= _MIDNIGHT else hours.end - _MIDNIGHT
    return _time(hours.start), _time(end)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

"""Turns the shape of a site file into the compiler's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dialplan.rows import (
    BuildingRow,
    ButtonRow,
    CalendarRow,
    CallerIdRow,
    DeviceKind,
    DeviceRow,
    DoorRow,
    ExceptionRow,
    GroupRow,
    HoursRow,
    KeyRow,
    MemberKind,
    MemberRow,
    PanelRow,
    PeriodRow,
    PersonRow,
    RateRow,
    RuleRow,
    ScheduleRow,
    SiteRows,
    TelephonyRow,
    ThenRow,
    UnitRow,
)
from webadmin.site_file.shapes import (
    ButtonShape,
    DoorShape,
    FileShape,
    GroupShape,
    HoursShape,
    LogIn,
    MemberShape,
    PanelShape,
    ScheduleShape,
    Shape,
    TelephonyShape,
)

Made = TypeVar("Made")


def site_rows(shape: FileShape) -> SiteRows:
    """The rows of a file that has the right shape; nothing else is checked here."""
    return SiteRows(
        domain=shape.site.domain,
        organisation=shape.organisation.id,
        kind=shape.site.kind,
        time_zone=shape.site.time_zone,
        language=shape.site.language,
        buildings=_same(BuildingRow, shape.buildings),
        units=_same(UnitRow, shape.units),
        people=_same(PersonRow, shape.people),
        devices=_devices(shape),
        doors=tuple(_door(id, item) for id, item in shape.doors.items()),
        panels=tuple(_panel(id, item) for id, item in shape.panels.items()),
        groups=tuple(_group(id, item) for id, item in shape.groups.items()),
        buttons=tuple(_button(id, item) for id, item in shape.buttons.items()),
        schedules=tuple(_schedule(id, item) for id, item in shape.schedules.items()),
        calendars=_same(CalendarRow, shape.calendars),
        rules=_same(RuleRow, shape.rules),
        telephony=_telephony(shape.telephony) if shape.telephony is not None else (),
    )


def _telephony(shape: TelephonyShape) -> tuple[TelephonyRow, ...]:
    values = _fields(shape)
    values["rates"] = tuple(RateRow(prefix, price) for prefix, price in shape.rates.items())
    values["caller_ids"] = tuple(CallerIdRow(house, number) for house, number in shape.caller_ids.items())
    return (TelephonyRow(**values),)


def _same(make: Callable[..., Made], table: Mapping[str, Shape]) -> tuple[Made, ...]:
    """Rows whose fields are the keys of the file."""
    return tuple(make(id=id, **_fields(item)) for id, item in table.items())


def _fields(item: Shape) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in type(item).model_fields}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _devices(shape: FileShape) -> tuple[DeviceRow, ...]:
    own = [
        _device(id, item.kind, item, person=item.person, unit=item.unit, building=item.building)
        for id, item in shape.devices.items()
    ]
    controllers = [
        _device(id, "controller", item, building=item.building) for id, item in shape.controllers.items()
    ]
    panels = [_device(id, "panel", item, building=item.building) for id, item in shape.panels.items()]
    return tuple(own + controllers + panels)


def _device(
    id: str, kind: DeviceKind, item: LogIn, *, person: str = "", unit: str = "", building: str = ""
) -> DeviceRow:
    return DeviceRow(id, kind, item.username, item.number, item.name, person, unit, building)


def _door(id: str, item: DoorShape) -> DoorRow:
    values = _fields(item)
    values["then"] = tuple(ThenRow(each.door, each.delay) for each in item.then)
    return DoorRow(id=id, **values)


def _panel(id: str, item: PanelShape) -> PanelRow:
    keys = tuple(KeyRow(digit, door) for digit, door in item.keys.items())
    return PanelRow(
        id,
        tuple(item.doors),
        keys,
        item.talk_seconds,
        item.answer_early,
        item.idle_seconds,
        item.camera_notice,
    )


def _group(id: str, item: GroupShape) -> GroupRow:
    return GroupRow(
        id,
        item.name,
        tuple(map(_member, item.members)),
        item.ringing,
        item.ring_seconds,
        item.step_seconds,
        item.rings_on,
    )


def _member(item: MemberShape) -> MemberRow:
    kinds: tuple[MemberKind, ...] = ("person", "device", "group", "number")
    kind = next(kind for kind in kinds if getattr(item, kind) is not None)
    return MemberRow(
        kind,
        getattr(item, kind),
        item.on,
        item.delay,
        item.timeout,
        item.during,
        item.outside,
        item.confirm,
    )


def _button(id: str, item: ButtonShape) -> ButtonRow:
    values = _fields(item)
    values["kind"] = item.kind or ("individual" if item.person else "common")
    return ButtonRow(id=id, **values)


def _schedule(id: str, item: ScheduleShape) -> ScheduleRow:
    return ScheduleRow(
        id,
        item.name,
        tuple(PeriodRow(period.start, period.end, tuple(period.days)) for period in item.periods),
        tuple(item.calendars),
        _hours(item.holiday_hours),
        tuple(ExceptionRow(each.first, each.last, _hours(each.hours)) for each in item.exceptions),
        item.time_zone,
    )


def _hours(items: list[HoursShape]) -> tuple[HoursRow, ...]:
    return tuple(HoursRow(item.start, item.end) for item in items)

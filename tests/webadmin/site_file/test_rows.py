"""From the file's shape to the compiler's rows."""

from __future__ import annotations

from datetime import date

from dialplan.rows import (
    ButtonRow,
    DeviceRow,
    ExceptionRow,
    HoursRow,
    KeyRow,
    MemberRow,
    PanelRow,
    PeriodRow,
    ScheduleRow,
)
from tests.webadmin.conftest import HOUSE, OFFICE
from webadmin.site_file.reader import read

HOUSE_ROWS = read(HOUSE.read_bytes()).rows
OFFICE_ROWS = read(OFFICE.read_bytes()).rows


def test_panels_and_controllers_are_devices_too() -> None:
    devices = {device.id: device for device in HOUSE_ROWS.devices}
    assert devices["entrance"] == DeviceRow(
        "entrance", "panel", name="Porttelefonen ved hoveddøra", building="fjordgata-12"
    )
    assert devices["house-controller"].kind == "controller"
    assert HOUSE_ROWS.panels == (
        PanelRow("entrance", ("front", "back"), (KeyRow("5", "front"), KeyRow("6", "back"))),
    )


def test_the_kind_of_a_button_follows_from_what_it_rings() -> None:
    buttons = {button.id: button for button in HOUSE_ROWS.buttons}
    assert buttons["nora-dahl"] == ButtonRow("nora-dahl", person="nora")
    assert buttons["caretaker-button"].kind == "common"
    assert buttons["board-button"].kind == "grouped"


def test_order_is_kept() -> None:
    reception = next(group for group in OFFICE_ROWS.groups if group.id == "reception")
    assert reception.ringing == "sequential"
    assert reception.members == (
        MemberRow("person", "kari", during="office-hours"),
        MemberRow("person", "nora", during="office-hours"),
        MemberRow("person", "per", during="office-hours"),
        MemberRow("person", "ola", outside="office-hours"),
    )
    assert [button.id for button in OFFICE_ROWS.buttons] == ["reception-button", "deliveries", "staff-button"]


def test_schedules() -> None:
    assert OFFICE_ROWS.schedules == (
        ScheduleRow(
            "office-hours",
            "Kontortid",
            (PeriodRow("08:00", "16:00", ("mon", "tue", "wed", "thu", "fri")),),
            ("holidays",),
            (),
            (ExceptionRow(date(2026, 12, 24), date(2026, 12, 31)),),
        ),
    )


def test_hours_of_holidays_and_exceptions() -> None:
    text = OFFICE.read_text().replace(
        "last = 2026-12-31 }",
        'last = 2026-12-31, hours = [{ start = "10:00", end = "12:00" }] }',
    )
    text = text.replace(
        'calendars = ["holidays"]',
        'calendars = ["holidays"]\nholiday_hours = [{ start = "11:00", end = "24:00" }]',
    )
    found = read(text.encode()).rows.schedules[0]
    assert found.holiday_hours == (HoursRow("11:00", "24:00"),)
    assert found.exceptions[0].hours == (HoursRow("10:00", "12:00"),)

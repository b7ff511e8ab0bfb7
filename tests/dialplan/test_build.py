"""Defaults of rows become facts of the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from dialplan.directory import Button
from dialplan.rows import (
    ButtonRow,
    CalendarRow,
    DoorRow,
    ExceptionRow,
    HoursRow,
    PeriodRow,
    PersonRow,
    ScheduleRow,
)
from dialplan.schedule import Hours, SpecialDays
from tests.support.demonstration import house, office
from tests.support.plans import compiled


def button(row: ButtonRow) -> Button:
    plan = compiled(replace(house(), buttons=(row,)))
    return plan.directory.buttons[0]


def test_addresses_default_to_the_id_in_lower_case() -> None:
    plan = compiled(replace(house(), people=(*house().people, PersonRow("Eva", "Eva"))))
    eva = plan.person("Eva")
    assert eva is not None and eva.user == "eva"
    relays = plan.device("relays")
    assert relays is not None and relays.username == "relays"


def test_labels_default_to_whom_the_button_rings() -> None:
    assert button(ButtonRow("b", person="kari")).label == "Kari Nordmann"
    assert button(ButtonRow("b", person="vaktmester")).label == "Vaktmester", "the alias"
    assert button(ButtonRow("b", "common", group="hansen")).label == "Hansen"
    assert button(ButtonRow("b", person="kari", label="H0101")).label == "H0101"


def test_the_four_kinds() -> None:
    assert button(ButtonRow("b", person="kari")).kind == "individual"
    assert button(ButtonRow("b", "common", group="nordmann")).kind == "common_simultaneous"
    assert button(ButtonRow("b", "common", group="hansen")).kind == "common_sequential"
    assert button(ButtonRow("b", "grouped", group="nordmann")).kind == "grouped"


def test_where_a_button_is_shown() -> None:
    both = ("panel-front", "panel-garage")
    assert button(ButtonRow("b", person="kari")).panels == both
    assert button(ButtonRow("b", person="kari", building="fjordgata5")).panels == both
    assert button(ButtonRow("b", person="kari", panels=())).panels == ()
    assert button(ButtonRow("b", person="kari", panels=("panel-garage",))).panels == ("panel-garage",)


def test_a_lockdown_locks_what_it_safely_may() -> None:
    plain = DoorRow("d", "D", "fjordgata5", "relays", "9", fail="safe")

    def locks(row: DoorRow) -> bool:
        door = compiled(replace(house(), doors=(*house().doors, row))).door("d")
        assert door is not None
        return door.lockdown

    assert locks(plain)
    assert locks(replace(plain, escape_route=True, exit_hardware=True))
    assert not locks(replace(plain, escape_route=True))
    assert not locks(replace(plain, lockdown=False))


def test_pauses_are_held_in_utc() -> None:
    until = datetime(2026, 12, 24, 18, 0, tzinfo=timezone(timedelta(hours=1)))
    plan = compiled(replace(house(), people=(*house().people, PersonRow("eva", "Eva", hidden=until))))
    eva = plan.person("eva")
    assert eva is not None and isinstance(eva.hidden, datetime)
    assert eva.hidden.isoformat() == "2026-12-24T17:00:00+00:00"


def test_schedules() -> None:
    row = ScheduleRow(
        "s",
        "S",
        (PeriodRow("22:00", "06:00", ("sun", "mon")),),
        calendars=("c",),
        holiday_hours=(HoursRow("00:00", "24:00"),),
        exceptions=(ExceptionRow(date(2026, 1, 2)),),
        time_zone="UTC",
    )
    calendar = CalendarRow("c", "C", (date(2026, 1, 1),))
    rows = replace(office(), schedules=(*office().schedules, row), calendars=(calendar,))
    schedule = next(each for each in compiled(rows).schedules if each.id == "s")
    assert schedule.periods[0].days == (0, 6)
    assert schedule.periods[0].hours == Hours(22 * 60, 30 * 60)
    assert schedule.holiday_hours == (Hours(0, 1440),)
    assert schedule.exceptions == (SpecialDays(date(2026, 1, 2), date(2026, 1, 2), ()),)
    assert schedule.calendars[0].has(date(2026, 1, 1))
    assert schedule.time_zone == "UTC"

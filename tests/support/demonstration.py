"""Two sites to test with: a Norwegian house of eight flats, and an office with a sequential group."""

from __future__ import annotations

from datetime import date

from dialplan.rows import (
    BuildingRow,
    ButtonRow,
    CalendarRow,
    DeviceRow,
    DoorRow,
    ExceptionRow,
    GroupRow,
    HoursRow,
    KeyRow,
    MemberRow,
    PanelRow,
    PeriodRow,
    PersonRow,
    RuleRow,
    ScheduleRow,
    SiteRows,
    ThenRow,
    UnitRow,
)

_RESIDENTS = (
    ("kari", "Kari Nordmann", "h0101", "101"),
    ("ola", "Ola Nordmann", "h0101", ""),
    ("aase", "Åse Ødegård", "h0102", "102"),
    ("mohammed", "Mohammed Ali", "h0201", "201"),
    ("ingrid", "Ingrid Bjørnstad", "h0202", "202"),
    ("per", "Per Hansen", "h0301", "301"),
    ("liv", "Liv Hansen", "h0301", ""),
    ("nils", "Nils Sæther", "h0302", "302"),
    ("thi", "Thi Nguyen", "h0401", "401"),
    ("bjorn", "Bjørn Lie", "h0402", "402"),
)


def house() -> SiteRows:
    """Eight flats on four floors, two panels, three doors; every kind of device; one caretaker."""
    units = sorted({unit for _, _, unit, _ in _RESIDENTS})
    return SiteRows(
        domain="fjordgata.example",
        organisation="Fjordgata 5 borettslag",
        kind="residential",
        revision=7,
        buildings=(BuildingRow("fjordgata5", "Fjordgata 5"),),
        units=tuple(UnitRow(unit, "fjordgata5", unit.upper()) for unit in units),
        people=(
            *(PersonRow(id_, name, number=number, unit=unit) for id_, name, unit, number in _RESIDENTS),
            PersonRow("vaktmester", "Roar Vik", number="900", alias="Vaktmester"),
        ),
        devices=_house_devices(),
        doors=_house_doors(),
        panels=(
            PanelRow("panel-front", ("front", "gate"), (KeyRow("8", "gate"),)),
            PanelRow("panel-garage", ("garage",)),
        ),
        groups=_house_groups(),
        buttons=_house_buttons(),
        schedules=_house_schedules(),
        calendars=(
            CalendarRow("no", "Helligdager", (date(2026, 12, 24), date(2026, 12, 31)), norwegian=True),
        ),
        rules=(
            RuleRow("residents", ("front", "gate", "garage"), buildings=("fjordgata5",)),
            RuleRow("caretaker", ("front", "gate", "garage"), people=("vaktmester",), during="work"),
            RuleRow("late", ("front",), people=("vaktmester",), methods=("visitor_call",), outside="work"),
        ),
    )


def _house_devices() -> tuple[DeviceRow, ...]:
    apps = (DeviceRow(f"{id_}-app", "app", person=id_) for id_, _, _, _ in _RESIDENTS)
    return (
        *apps,
        DeviceRow("kari-phone", "phone", number="111101", name="Kari, bordtelefon", person="kari"),
        DeviceRow("station-h0101", "station", number="1101", name="Stue H0101", unit="h0101"),
        DeviceRow("station-h0301", "station", number="1301", name="Stue H0301", unit="h0301"),
        DeviceRow("vaktmester-phone", "phone", person="vaktmester"),
        DeviceRow("panel-front", "panel", number="801", name="Hovedinngang", building="fjordgata5"),
        DeviceRow("panel-garage", "panel", number="802", name="Garasje", building="fjordgata5"),
        DeviceRow("relays", "controller", building="fjordgata5"),
    )


def _house_doors() -> tuple[DoorRow, ...]:
    return (
        DoorRow("front", "Hovedinngang", "fjordgata5", "relays", "1", escape_route=True, exit_hardware=True),
        DoorRow("gate", "Port", "fjordgata5", "relays", "2", open_seconds=15),
        DoorRow("garage", "Garasje", "fjordgata5", "panel-garage", "0#", driver="panel_digit", fail="safe"),
    )


def _house_groups() -> tuple[GroupRow, ...]:
    return (
        GroupRow(
            "nordmann",
            "Nordmann",
            (MemberRow("person", "kari"), MemberRow("person", "ola", delay=10)),
            ring_seconds=40,
        ),
        GroupRow(
            "hansen",
            "Hansen",
            (
                MemberRow("person", "per"),
                MemberRow("person", "liv"),
                MemberRow("number", "+4722334455"),
            ),
            ringing="sequential",
        ),
        GroupRow("third-floor", "3. etasje", (MemberRow("person", "nils"), MemberRow("person", "per"))),
        GroupRow(
            "caretaker",
            "Vaktmester",
            (
                MemberRow("person", "vaktmester", during="work"),
                MemberRow("number", "+4798765432", outside="work", confirm=True),
            ),
            ring_seconds=30,
        ),
    )


def _house_buttons() -> tuple[ButtonRow, ...]:
    return (
        ButtonRow("nordmann", "common", group="nordmann", fallback="caretaker", number="11"),
        ButtonRow("hansen", "common", group="hansen", number="31"),
        ButtonRow("b-aase", person="aase", fallback="caretaker"),
        *(ButtonRow(f"b-{id_}", person=id_) for id_ in ("mohammed", "ingrid", "thi", "bjorn")),
        ButtonRow("floor3", "grouped", label="3. etasje", group="third-floor", panels=("panel-garage",)),
        ButtonRow("help", "common", label="Vaktmester", group="caretaker", decline="ends_call"),
    )


def _house_schedules() -> tuple[ScheduleRow, ...]:
    return (
        ScheduleRow(
            "work",
            "Arbeidstid",
            (PeriodRow("07:00", "15:30", ("mon", "tue", "wed", "thu", "fri")),),
            calendars=("no",),
            exceptions=(ExceptionRow(date(2026, 7, 6), date(2026, 7, 31), (HoursRow("08:00", "12:00"),)),),
        ),
    )


def office() -> SiteRows:
    """An office whose reception rings one after the other, then everybody, then a number."""
    staff = (("anna", "Anna Berg"), ("erik", "Erik Dahl"), ("sofie", "Sofie Moe"), ("jonas", "Jonas Vik"))
    return SiteRows(
        domain="kontoret.example",
        organisation="Kontoret AS",
        kind="commercial",
        language="en",
        revision=3,
        buildings=(BuildingRow("torget2", "Torget 2"),),
        units=(UnitRow("hq", "torget2", "2nd floor"),),
        people=tuple(
            PersonRow(id_, name, unit="hq", number=number)
            for (id_, name), number in zip(staff, ("20", "21", "22", "23"), strict=True)
        ),
        devices=(
            *(DeviceRow(f"{id_}-desk", "phone", person=id_) for id_, _ in staff),
            DeviceRow("anna-app", "app", person="anna"),
            DeviceRow("meeting", "station", number="30", name="Meeting room", unit="hq"),
            DeviceRow("panel-lobby", "panel", building="torget2"),
            DeviceRow("lobby-relays", "controller", building="torget2"),
        ),
        doors=(
            DoorRow(
                "lobby",
                "Lobby",
                "torget2",
                "lobby-relays",
                "1",
                interlock=("lift",),
                then=(ThenRow("lift", 15),),
                hold="open",
                contact="lobby-contact",
                forced_alarm=True,
            ),
            DoorRow("lift", "Lift", "torget2", "lobby-relays", "2", lockdown=False),
        ),
        panels=(PanelRow("panel-lobby", ("lobby",), talk_seconds=300),),
        groups=_office_groups(),
        buttons=(
            ButtonRow("reception", "common", "Reception", group="reception", number="1", fallback="duty"),
            ButtonRow("staff", "grouped", "Staff", group="staff"),
            ButtonRow("delivery", "common", "Deliveries", group="deliveries", ring_limit=90, talk_seconds=60),
        ),
        schedules=(
            ScheduleRow("night", "Night", (PeriodRow("22:00", "06:00"),)),
            ScheduleRow("open", "Open", (PeriodRow("08:00", "16:00", ("mon", "tue", "wed", "thu", "fri")),)),
        ),
        rules=(
            RuleRow("staff-in", ("lobby", "lift"), units=("hq",), methods=("app", "card", "visitor_call")),
            RuleRow("code-by-day", ("lobby",), units=("hq",), methods=("code",), during="open"),
        ),
    )


def _office_groups() -> tuple[GroupRow, ...]:
    staff = tuple(MemberRow("person", id_) for id_ in ("anna", "erik", "sofie", "jonas"))
    return (
        GroupRow("staff", "Staff", (*staff, MemberRow("device", "meeting"))),
        GroupRow(
            "reception",
            "Reception",
            (
                MemberRow("person", "anna"),
                MemberRow("person", "erik", timeout=15),
                MemberRow("person", "sofie", on=False),
                MemberRow("group", "staff", delay=2),
            ),
            ringing="sequential",
            step_seconds=20,
        ),
        GroupRow("duty", "Duty", (MemberRow("number", "+4740000000"),), ring_seconds=45),
        GroupRow(
            "deliveries",
            "Deliveries",
            (
                MemberRow("person", "jonas", during="open"),
                MemberRow("device", "meeting"),
                MemberRow("group", "duty", outside="open", confirm=True),
            ),
            ringing="sequential",
            step_seconds=30,
            rings_on=True,
        ),
    )

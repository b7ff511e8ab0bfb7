"""Hypothesis strategies for route trees and for whole sites that compile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from dialplan.compile import compile
from dialplan.plan import DialPlan
from dialplan.route import Node, Parallel, Ring, Route, Sequence, Step, Target
from dialplan.rows import (
    DAYS,
    METHODS,
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
    Pause,
    PeriodRow,
    PersonRow,
    RuleRow,
    ScheduleRow,
    SiteRows,
    ThenRow,
    UnitRow,
)

Draw = st.DrawFn

PEOPLE = ("p1", "p2", "p3", "p4")
PHONES = tuple(f"{person}-phone" for person in PEOPLE)
PANELS = ("panel1", "panel2")
DOORS = ("d1", "d2", "d3")
SCHEDULES = ("s1", "s2")
DAYS_OFF = (date(2026, 12, 24), date(2026, 12, 31))
ZONES = ("Europe/Oslo", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")

targets = st.sampled_from(
    [Target("person", "p1"), Target("person", "p2"), Target("device", "d1"), Target("number", "+4722334455")]
)


def seconds(low: int, high: int) -> st.SearchStrategy[float]:
    """Whole seconds, as a Route has them."""
    return st.integers(low, high).map(float)


def nodes(leaves: int = 12) -> st.SearchStrategy[Node]:
    """Any tree of rings, also with empty branches and rings whose turn never comes."""
    rings: st.SearchStrategy[Node] = st.builds(Ring, targets, seconds(0, 40), seconds(1, 130), st.booleans())
    return st.recursive(
        rings,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(lambda branches: Parallel(tuple(branches))),
            st.lists(st.builds(Step, inner, seconds(1, 60), st.booleans()), max_size=4).map(
                lambda steps: Sequence(tuple(steps))
            ),
        ),
        max_leaves=leaves,
    )


def routes() -> st.SearchStrategy[Route]:
    """Any route from a panel."""
    return st.builds(
        Route,
        button=st.just("b1"),
        label=st.just("Kari"),
        root=nodes(),
        fallback=st.none() | nodes(4),
        ring_limit=seconds(10, 120),
        decline=st.sampled_from(("others_ring", "ends_call")),
        talk_limit=st.just(180.0),
        panel=st.just("panel1"),
        building=st.just("h1"),
    )


moments = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
"""Any moment of some years, in UTC."""

pauses: st.SearchStrategy[Pause] = st.one_of(
    st.just(False), st.just(False), st.booleans(), moments.map(lambda moment: moment.replace(microsecond=0))
)


@st.composite
def hours(draw: Draw) -> tuple[str, str]:
    """Two different times of day, the second up to 24:00."""
    start = draw(st.integers(0, 24 * 60 - 1))
    end = draw(st.integers(0, 24 * 60).filter(lambda minutes: minutes != start))
    return f"{start // 60:02}:{start % 60:02}", f"{end // 60:02}:{end % 60:02}"


def hours_rows() -> st.SearchStrategy[tuple[HoursRow, ...]]:
    """Hours of an exception or a holiday."""
    return st.lists(hours().map(lambda pair: HoursRow(*pair)), max_size=2).map(tuple)


@st.composite
def schedules(draw: Draw, id_: str = "s1") -> ScheduleRow:
    """A schedule that refers to the calendar "c1"."""
    days = st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(tuple)
    periods = st.lists(st.tuples(hours(), days).map(lambda pair: PeriodRow(*pair[0], pair[1])), max_size=3)
    return ScheduleRow(
        id_,
        f"Schedule {id_}",
        periods=tuple(draw(periods)),
        calendars=draw(st.sampled_from(((), ("c1",)))),
        holiday_hours=draw(hours_rows()),
        exceptions=draw(st.just(()) | st.tuples(_exceptions())),
        time_zone=draw(st.sampled_from(("", *ZONES))),
    )


@st.composite
def _exceptions(draw: Draw) -> ExceptionRow:
    first = draw(st.dates(date(2024, 1, 1), date(2029, 12, 31)))
    return ExceptionRow(first, first + timedelta(days=draw(st.integers(0, 40))), draw(hours_rows()))


@st.composite
def members(draw: Draw, groups: tuple[str, ...]) -> MemberRow:
    """A member, maybe one of these groups; its delay fits the shortest step."""
    choices = [("person", id_) for id_ in PEOPLE] + [("device", id_) for id_ in PHONES]
    choices += [("number", "+4722334455"), ("device", "station-u1"), *(("group", id_) for id_ in groups)]
    kind, id_ = draw(st.sampled_from(choices))
    window = draw(st.sampled_from((("", ""), ("", ""), ("s1", ""), ("", "s2"))))
    return MemberRow(
        kind=kind,  # type: ignore[arg-type]  # mypy does not see the literals in the pairs
        id=id_,
        on=draw(st.sampled_from((True, True, True, False))),
        delay=draw(st.integers(0, 4)),
        timeout=draw(st.none() | st.integers(1, 120)),
        during=window[0],
        outside=window[1],
        confirm=draw(st.booleans()),
    )


@st.composite
def groups(draw: Draw, id_: str, inner: tuple[str, ...]) -> GroupRow:
    """A group that may contain these groups."""
    unique = st.lists(
        members(inner),
        min_size=1,
        max_size=3,
        unique_by=lambda member: (member.kind, member.id, member.during, member.outside),
    )
    return GroupRow(
        id_,
        f"Group {id_}",
        tuple(draw(unique)),
        ringing=draw(st.sampled_from(("simultaneous", "sequential"))),
        ring_seconds=draw(st.integers(5, 120)),
        step_seconds=draw(st.integers(5, 60)),
        rings_on=draw(st.booleans()),
    )


@st.composite
def sites(draw: Draw) -> SiteRows:
    """A small site of every kind of row; it compiles."""
    rows = SiteRows(
        domain="site.example",
        organisation="Owners",
        kind=draw(st.sampled_from(("residential", "commercial"))),
        time_zone=draw(st.sampled_from(ZONES)),
        revision=draw(st.integers(0, 1000)),
        buildings=(BuildingRow("h1", "House 1"), BuildingRow("h2", "House 2")),
        units=(UnitRow("u1", "h1", "Flat 1"), UnitRow("u2", "h2", "Flat 2")),
        people=tuple(draw(_person(id_)) for id_ in PEOPLE),
        devices=_devices(),
        doors=draw(_doors()),
        panels=draw(_panels()),
        groups=tuple(draw(groups(f"g{n}", tuple(f"g{k}" for k in range(n)))) for n in range(3)),
        schedules=(draw(schedules("s1")), ScheduleRow("s2", "Nights", (PeriodRow("22:00", "06:00"),))),
        calendars=(CalendarRow("c1", "Days off", DAYS_OFF, norwegian=draw(st.booleans())),),
        rules=tuple(draw(_rule(f"r{n}")) for n in range(draw(st.integers(0, 3)))),
    )
    lists = GroupRow("list", "List", (MemberRow("person", "p2"), MemberRow("device", "station-u1")))
    return replace(rows, groups=(*rows.groups, lists), buttons=draw(_buttons()))


def plans() -> st.SearchStrategy[DialPlan]:
    """The plan of such a site."""
    return sites().map(compiled)


def compiled(rows: SiteRows) -> DialPlan:
    """The plan of rows that are right."""
    plan = compile(rows)
    assert isinstance(plan, DialPlan), "\n".join(map(str, plan))
    return plan


def _devices() -> tuple[DeviceRow, ...]:
    return (
        *(DeviceRow(phone, "phone", person=person) for phone, person in zip(PHONES, PEOPLE, strict=True)),
        DeviceRow("p1-app", "app", person="p1", number="701"),
        DeviceRow("station-u1", "station", unit="u1"),
        DeviceRow("panel1", "panel", building="h1"),
        DeviceRow("panel2", "panel", building="h2", number="702"),
        DeviceRow("relays", "controller", building="h1"),
    )


@st.composite
def _person(draw: Draw, id_: str) -> PersonRow:
    return PersonRow(
        id_,
        f"Person {id_}",
        number=draw(st.sampled_from(("", f"5{id_[1]}"))),
        alias=draw(st.sampled_from(("", "Somebody"))),
        unit=draw(st.sampled_from(("", "u1", "u2"))),
        ring_station=draw(st.booleans()),
        hidden=draw(pauses),
        do_not_disturb=draw(pauses),
    )


@st.composite
def _doors(draw: Draw) -> tuple[DoorRow, ...]:
    def one(id_: str) -> DoorRow:
        escape, hardware = draw(st.booleans()), draw(st.booleans())
        trap = escape and not hardware
        return DoorRow(
            id_,
            f"Door {id_}",
            "h1",
            "relays",
            id_,
            open_seconds=draw(st.integers(1, 60)),
            fail="safe" if trap else draw(st.sampled_from(("safe", "secure"))),
            escape_route=escape,
            exit_hardware=hardware,
            lockdown=draw(st.sampled_from((None, False) if trap else (None, False, True))),
            then=tuple(
                ThenRow(each, draw(st.integers(0, 300)))
                for each in draw(st.lists(st.sampled_from(DOORS), unique=True))
                if each != id_
            ),
        )

    return tuple(map(one, DOORS))


@st.composite
def _panels(draw: Draw) -> tuple[PanelRow, ...]:
    doors = st.lists(st.sampled_from(DOORS), unique=True).map(tuple)
    digits = st.sets(st.sampled_from("0123456789*#"), max_size=3).map(sorted)
    panels = []
    for id_ in PANELS:
        own = draw(doors)
        keys = tuple(KeyRow(digit, own[-1]) for digit in draw(digits)) if own else ()
        panels.append(PanelRow(id_, own, keys))
    return tuple(panels)


@st.composite
def _buttons(draw: Draw) -> tuple[ButtonRow, ...]:
    places = st.sampled_from((None, ("panel1",), ("panel1", "panel2")))
    individual = tuple(
        ButtonRow(
            f"b-{person}",
            person=person,
            panels=draw(places),
            ring_seconds=draw(st.integers(5, 60)),
            ring_limit=draw(st.integers(61, 120)),
            fallback=draw(st.sampled_from(("", "g0"))),
            hidden=draw(pauses),
        )
        for person in draw(st.sets(st.sampled_from(PEOPLE)).map(sorted))
    )
    return (
        *individual,
        *(ButtonRow(f"b-g{n}", "common", group=f"g{n}", panels=draw(places)) for n in range(3)),
        ButtonRow("b-list", "grouped", group="list", talk_seconds=60),
    )


@st.composite
def _rule(draw: Draw, id_: str) -> RuleRow:
    window = draw(st.sampled_from((("", ""), ("s1", ""), ("", "s2"))))
    return RuleRow(
        id_,
        doors=draw(st.lists(st.sampled_from(DOORS), min_size=1, unique=True).map(tuple)),
        people=draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True).map(tuple)),
        units=draw(st.sampled_from(((), ("u1",)))),
        buildings=draw(st.sampled_from(((), ("h2",)))),
        methods=draw(st.lists(st.sampled_from(METHODS), min_size=1, unique=True).map(tuple)),
        during=window[0],
        outside=window[1],
    )

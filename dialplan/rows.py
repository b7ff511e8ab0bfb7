"""What a site consists of, as plain rows: the compiler's input, built from database tables or a site file.

Every `id` is text, unique within its table: a letter or digit, then letters, digits, `.`, `_`, `-`; 64
characters at most. References between rows are ids. "" means "none", or "take the default" where a field
says so. Lengths are whole seconds. Tuples keep their order where order has a meaning (members of a group,
doors of a panel, buttons of a site).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Pause = bool | datetime
"""Whether something is switched off for a while: no, yes (until changed), or until that moment (with its
UTC offset).
"""

SiteKind = Literal["residential", "commercial"]
DeviceKind = Literal["app", "station", "phone", "panel", "controller"]
MemberKind = Literal["person", "device", "group", "number"]
Ringing = Literal["simultaneous", "sequential"]
ButtonRowKind = Literal["individual", "common", "grouped"]
Decline = Literal["others_ring", "ends_call"]
Method = Literal["app", "visitor_call", "code", "card", "api"]
Driver = Literal["agent", "panel_digit", "http", "mqtt"]
NumberKind = Literal["fixed", "mobile", "voip", "toll_free", "shared_cost", "premium", "special"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

METHODS: tuple[Method, ...] = ("app", "visitor_call", "code", "card", "api")
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A house with an address."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A flat or an office in a building."""

    id: str
    building: str
    name: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who can be called or may open doors.

    `user` is the person's address (`sip:user@domain`), by default the id in lower case. `alias` is what
    strangers see in place of the name. `ring_station`: a call to this person also rings the stations of the
    person's unit. `hidden`: neither shown nor called. `do_not_disturb`: shown, but not called. `telephone`
    (E.164) rings with the person's devices, or alone where there are none.
    """

    id: str
    name: str
    user: str = ""
    number: str = ""
    alias: str = ""
    unit: str = ""
    ring_station: bool = True
    hidden: Pause = False
    do_not_disturb: Pause = False
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """Something that registers: owned by a person or a unit (app, station, phone), or part of a building
    (panel, controller).

    `username` is the digest user name and the device's own address, by default the id in lower case.
    """

    id: str
    kind: DeviceKind
    username: str = ""
    number: str = ""
    name: str = ""
    person: str = ""
    unit: str = ""
    building: str = ""


@dataclass(frozen=True, slots=True)
class ThenRow:
    """The next door on the way in: it opens `delay` seconds after the one before it has opened."""

    door: str
    delay: int = 0


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door and what drives it.

    `relay`: the output's name for our agent; for driver `panel_digit` the digits that the panel itself
    wants. `escape_route` and `exit_hardware` (a handle or button wired past us) decide what may be done to
    it; `lockdown`: whether a lockdown locks it, None for "yes, where that is safe". `interlock`: doors that
    must be shut before this one opens. `then`: doors that open after this one, in order, whenever this one
    is asked for (gate, lobby, lift); theirs do not count.

    `hold` names a schedule during which the door is held open. `contact`: the controller's input that tells
    whether the door is shut; it raises an alarm when the door stands open for `left_open_seconds`, and with
    `forced_alarm` when it opens though nobody ordered it. `address` and `payload`: for driver `http` a URL
    and what is posted to it (nothing: GET), for `mqtt` a topic and a message; `{seconds}` in them is the open
    time, `{ms}` the same in milliseconds.
    """

    id: str
    name: str
    building: str
    controller: str
    relay: str
    driver: Driver = "agent"
    open_seconds: int = 5
    fail: Literal["secure", "safe"] = "secure"
    resting: Literal["locked", "unlocked"] = "locked"
    escape_route: bool = False
    exit_hardware: bool = False
    lockdown: bool | None = None
    interlock: tuple[str, ...] = ()
    then: tuple[ThenRow, ...] = ()
    hold: str = ""
    contact: str = ""
    left_open_seconds: int = 60
    forced_alarm: bool = False
    address: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A digit that opens a door during a call with the panel."""

    digit: str
    door: str


@dataclass(frozen=True, slots=True)
class PanelRow:
    """What a panel (a device of kind "panel") stands for: its doors, the first being "the" door, and its
    digits.

    Digit 5 opens the first door unless `keys` gives it to another. After `idle_seconds` without a touch the
    screen is the next visitor's. `camera_notice` stands beneath the names; "" takes our own words.
    """

    device: str
    doors: tuple[str, ...] = ()
    keys: tuple[KeyRow, ...] = ()
    talk_seconds: int = 180
    answer_early: bool = False
    idle_seconds: int = 20
    camera_notice: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member of a dial group. `id`: a person, a device, a group, or an E.164 number, by `kind`.

    `delay` counts from the start of the group (simultaneous) or of the member's step (sequential),
    `timeout` from the member's first ring; None: until the group or the step is over. `during` or `outside`
    names a schedule; `confirm`: an answer wins only with a digit.
    """

    kind: MemberKind
    id: str
    on: bool = True
    delay: int = 0
    timeout: int | None = None
    during: str = ""
    outside: str = ""
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A dial group. `ring_seconds` is for simultaneous ringing; `step_seconds` and `rings_on` (earlier
    members keep ringing when the next begins) are for sequential ringing.
    """

    id: str
    name: str
    members: tuple[MemberRow, ...]
    ringing: Ringing = "simultaneous"
    ring_seconds: int = 60
    step_seconds: int = 25
    rings_on: bool = False


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """A name on a panel.

    kind "individual" calls `person` for `ring_seconds`; "common" rings `group`; "grouped" opens the list of
    `group`'s people, each then ringing as a button of his or her own. `panels`: where it is shown; None for
    every panel of `building`, and with that "" too, of the site. `label` "" takes the person's alias
    or name, or the group's name. `fallback` is a group that rings when the first attempt is over.
    `talk_seconds` None takes the panel's. `caretaker`: always in sight, on every screen of the panel.
    """

    id: str
    kind: ButtonRowKind = "individual"
    label: str = ""
    user: str = ""
    number: str = ""
    person: str = ""
    group: str = ""
    building: str = ""
    panels: tuple[str, ...] | None = None
    ring_seconds: int = 60
    fallback: str = ""
    ring_limit: int = 120
    talk_seconds: int | None = None
    decline: Decline = "others_ring"
    hidden: Pause = False
    caretaker: bool = False


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """From `start` to `end` ("HH:MM", the end up to "24:00"; not after the start: on the following day) on
    these weekdays.
    """

    start: str
    end: str
    days: tuple[Day, ...] = DAYS


@dataclass(frozen=True, slots=True)
class HoursRow:
    """From `start` to `end` ("HH:MM") on a day that something else picks."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """Days from `first` to `last` (None: that one day) on which only `hours` count; without any, the day is
    closed.
    """

    first: date
    last: date | None = None
    hours: tuple[HoursRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """Holidays: days of one's own, and the Norwegian public holidays of every year if asked for."""

    id: str
    name: str
    dates: tuple[date, ...] = ()
    norwegian: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """When something counts: weekly `periods`; on a holiday of `calendars` only `holiday_hours`;
    `exceptions` beat both.
    """

    id: str
    name: str
    periods: tuple[PeriodRow, ...] = ()
    calendars: tuple[str, ...] = ()
    holiday_hours: tuple[HoursRow, ...] = ()
    exceptions: tuple[ExceptionRow, ...] = ()
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A right: these people, everybody of these units or buildings, may open these doors by these methods,
    at these times.
    """

    id: str
    doors: tuple[str, ...]
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    methods: tuple[Method, ...] = METHODS
    during: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class RateRow:
    """What a minute costs to numbers that begin so ("+47"), in hundredths of the currency; the longest
    prefix counts.
    """

    prefix: str
    price: int


@dataclass(frozen=True, slots=True)
class CallerIdRow:
    """The number that calls from a building show."""

    building: str
    number: str


@dataclass(frozen=True, slots=True)
class TelephonyRow:
    """What a site may do on the node's trunks; without this row, or with a limit of 0, no call reaches one.

    A number may be called in these `countries` (ISO 3166) if it is of these `kinds` and a rate is known.
    `calls` at once by the site, `calls_per_person` at once and `calls_per_hour` by each person or panel;
    `minutes_per_day` begun, `money_per_day` in hundredths. `trunks`: in this order, () for all of the node.
    `region`: the country of numbers written without "+". `dial_out`: residents' devices may dial numbers
    themselves. `emergency` names the trunk of emergency numbers, "" refuses them. `call_in` names a panel:
    people's telephones may call in and open its doors with the PIN of a pass they gave; "" refuses all calls.
    """

    id: str = "site"
    countries: tuple[str, ...] = ()
    kinds: tuple[NumberKind, ...] = ("fixed", "mobile")
    calls: int = 0
    calls_per_person: int = 1
    calls_per_hour: int = 20
    minutes_per_day: int = 0
    money_per_day: int = 0
    rates: tuple[RateRow, ...] = ()
    trunks: tuple[str, ...] = ()
    region: str = "NO"
    caller_id: str = ""
    caller_ids: tuple[CallerIdRow, ...] = ()
    dial_out: bool = False
    emergency: str = ""
    call_in: str = ""


@dataclass(frozen=True, slots=True)
class SiteRows:
    """One site whole. `domain` is its SIP domain, `time_zone` an IANA name, `language` a tag such as "nb"
    or "en".
    """

    domain: str
    organisation: str
    kind: SiteKind
    time_zone: str = "Europe/Oslo"
    language: str = "nb"
    revision: int = 1
    buildings: tuple[BuildingRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    doors: tuple[DoorRow, ...] = ()
    panels: tuple[PanelRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    buttons: tuple[ButtonRow, ...] = ()
    schedules: tuple[ScheduleRow, ...] = ()
    calendars: tuple[CalendarRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    telephony: tuple[TelephonyRow, ...] = ()

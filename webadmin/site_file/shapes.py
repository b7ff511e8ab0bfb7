"""The shape of a site file: every table, key, type and bound, as pydantic models.

What needs more than one table to judge (does this person exist?) is left to `dialplan.compile`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from dialplan.rows import METHODS, Day, Decline, Driver, Method, NumberKind, Ringing

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_MOMENT = "must be true, false, or a time with its offset such as 2026-12-24T18:00:00+01:00"


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise PydanticCustomError(
            "id",
            "must begin with a letter or digit and hold only letters, digits, '.', '_' and '-', 64 at most",
        )
    return value


def _domain(value: str) -> str:
    if not _DOMAIN.fullmatch(value):
        raise PydanticCustomError("domain", "must be a domain name in lower case, such as house.example")
    return value


def _one_line(value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise PydanticCustomError("one_line", "must be one line without control characters")
    return value


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise PydanticCustomError("time", "must be a time such as 08:30")
    return value


def _pause(value: object) -> bool | datetime:
    if isinstance(value, bool) or (isinstance(value, datetime) and value.tzinfo is not None):
        return value
    raise PydanticCustomError("pause", _MOMENT)


Id = Annotated[str, AfterValidator(_id)]
OptionalId = Annotated[str, AfterValidator(lambda value: _id(value) if value else value)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
OptionalName = Annotated[str, Field(max_length=120), AfterValidator(_one_line)]
Word = Annotated[str, Field(max_length=64), AfterValidator(_one_line)]
Number = Annotated[str, Field(max_length=32), AfterValidator(_one_line)]
Address = Annotated[str, Field(max_length=256), AfterValidator(_one_line)]
Time = Annotated[str, AfterValidator(_time)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
Pause = Annotated[bool | datetime, BeforeValidator(_pause)]
Algorithm = Literal["MD5", "SHA-256"]


class Shape(BaseModel):
    """A table of the file: unknown keys are mistakes, and nothing is guessed from a wrong type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OrganisationShape(Shape):
    """`[organisation]`"""

    id: Id
    name: Name


class SiteShape(Shape):
    """`[site]`"""

    domain: Annotated[str, AfterValidator(_domain)]
    name: Name
    kind: Literal["residential", "commercial"]
    time_zone: Word = "Europe/Oslo"
    language: Annotated[str, Field(max_length=16), AfterValidator(_one_line)] = "nb"
    algorithm: Algorithm = "MD5"


class BuildingShape(Shape):
    """`[buildings.ID]`"""

    name: Name


class UnitShape(Shape):
    """`[units.ID]`"""

    name: Name
    building: Id


class PersonShape(Shape):
    """`[people.ID]`"""

    name: Name
    user: Word = ""
    number: Number = ""
    alias: OptionalName = ""
    unit: OptionalId = ""
    ring_station: bool = True
    telephone: Number = ""
    hidden: Pause = False
    do_not_disturb: Pause = False


class LogIn(Shape):
    """What every device has."""

    username: Word = ""
    number: Number = ""
    name: OptionalName = ""
    legacy: bool = False


class DeviceShape(LogIn):
    """`[devices.ID]`"""

    kind: Literal["app", "station", "phone"]
    person: OptionalId = ""
    unit: OptionalId = ""
    building: OptionalId = ""


class PanelShape(LogIn):
    """`[panels.ID]`: a device of kind "panel" and what it stands for."""

    building: Id
    doors: Annotated[list[Id], Field(max_length=32)] = []
    keys: Annotated[dict[str, Id], Field(max_length=12)] = {}
    talk_seconds: Seconds = 180
    answer_early: bool = False
    idle_seconds: Seconds = 20
    camera_notice: Annotated[str, Field(max_length=200), AfterValidator(_one_line)] = ""


class ControllerShape(LogIn):
    """`[controllers.ID]`: a device of kind "controller"."""

    building: Id


class ThenShape(Shape):
    """An element of `then` in `[doors.ID]`."""

    door: Id
    delay: Seconds = 0


class DoorShape(Shape):
    """`[doors.ID]`"""

    name: Name
    building: Id
    controller: Id
    relay: Annotated[str, Field(min_length=1, max_length=32), AfterValidator(_one_line)]
    driver: Driver = "agent"
    open_seconds: Seconds = 5
    fail: Literal["secure", "safe"] = "secure"
    resting: Literal["locked", "unlocked"] = "locked"
    escape_route: bool = False
    exit_hardware: bool = False
    lockdown: bool | None = None
    interlock: Annotated[list[Id], Field(max_length=32)] = []
    then: Annotated[list[ThenShape], Field(max_length=32)] = []
    hold: OptionalId = ""
    contact: Word = ""
    left_open_seconds: Seconds = 60
    forced_alarm: bool = False
    address: Address = ""
    payload: Address = ""


class MemberShape(Shape):
    """An element of `members` in `[groups.ID]`: exactly one of the first four keys."""

    person: Id | None = None
    device: Id | None = None
    group: Id | None = None
    number: Number | None = None
    on: bool = True
    delay: Seconds = 0
    timeout: Seconds | None = None
    during: OptionalId = ""
    outside: OptionalId = ""
    confirm: bool = False

    def model_post_init(self, context: Any) -> None:
        """Exactly one target."""
        if sum(target is not None for target in (self.person, self.device, self.group, self.number)) != 1:
            raise PydanticCustomError("one_target", "needs exactly one of person, device, group, number")


class GroupShape(Shape):
    """`[groups.ID]`"""

    name: Name
    ringing: Ringing = "simultaneous"
    ring_seconds: Seconds = 60
    step_seconds: Seconds = 25
    rings_on: bool = False
    members: Annotated[list[MemberShape], Field(max_length=500)] = []


class ButtonShape(Shape):
    """`[buttons.ID]`: with `person` an individual button, with `group` a common one, or a grouped one."""

    kind: Literal["individual", "common", "grouped"] | None = None
    label: OptionalName = ""
    user: Word = ""
    number: Number = ""
    person: OptionalId = ""
    group: OptionalId = ""
    building: OptionalId = ""
    panels: Annotated[list[Id], Field(max_length=200)] | None = None
    ring_seconds: Seconds = 60
    fallback: OptionalId = ""
    ring_limit: Seconds = 120
    talk_seconds: Seconds | None = None
    decline: Decline = "others_ring"
    hidden: Pause = False
    caretaker: bool = False

    def model_post_init(self, context: Any) -> None:
        """A person or a group, not both; a kind that fits."""
        if bool(self.person) == bool(self.group):
            raise PydanticCustomError("one_target", "needs either person or group")
        if self.kind is not None and (self.kind == "individual") != bool(self.person):
            raise PydanticCustomError("kind", "kind individual goes with person, the others with group")


class HoursShape(Shape):
    """From a time to a time on days that something else picks."""

    start: Time
    end: Time


class PeriodShape(HoursShape):
    """An element of `periods` in `[schedules.ID]`."""

    days: Annotated[list[Day], Field(min_length=1, max_length=7)] = [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ]


class ExceptionShape(Shape):
    """An element of `exceptions` in `[schedules.ID]`."""

    first: date
    last: date | None = None
    hours: Annotated[list[HoursShape], Field(max_length=24)] = []


class ScheduleShape(Shape):
    """`[schedules.ID]`"""

    name: Name
    time_zone: Word = ""
    periods: Annotated[list[PeriodShape], Field(max_length=100)] = []
    calendars: Annotated[list[Id], Field(max_length=20)] = []
    holiday_hours: Annotated[list[HoursShape], Field(max_length=24)] = []
    exceptions: Annotated[list[ExceptionShape], Field(max_length=500)] = []


class CalendarShape(Shape):
    """`[calendars.ID]`"""

    name: Name
    norwegian: bool = False
    dates: Annotated[list[date], Field(max_length=2000)] = []


class RuleShape(Shape):
    """`[rules.ID]`"""

    doors: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    people: Annotated[list[Id], Field(max_length=20_000)] = []
    units: Annotated[list[Id], Field(max_length=10_000)] = []
    buildings: Annotated[list[Id], Field(max_length=1000)] = []
    methods: Annotated[list[Method], Field(min_length=1, max_length=5)] = list(METHODS)
    during: OptionalId = ""
    outside: OptionalId = ""


class TelephonyShape(Shape):
    """`[telephony]`: what the site may do on the node's trunks; money in hundredths of the currency."""

    countries: Annotated[list[Word], Field(max_length=250)] = []
    kinds: Annotated[list[NumberKind], Field(max_length=7)] = ["fixed", "mobile"]
    calls: Annotated[int, Field(ge=0)] = 0
    calls_per_person: Annotated[int, Field(ge=1)] = 1
    calls_per_hour: Annotated[int, Field(ge=1)] = 20
    minutes_per_day: Annotated[int, Field(ge=0)] = 0
    money_per_day: Annotated[int, Field(ge=0)] = 0
    rates: Annotated[dict[Word, int], Field(max_length=500)] = {}
    trunks: Annotated[list[Id], Field(max_length=50)] = []
    region: Annotated[str, Field(max_length=2)] = "NO"
    caller_id: Number = ""
    caller_ids: Annotated[dict[Id, Number], Field(max_length=1000)] = {}
    dial_out: bool = False
    emergency: OptionalId = ""
    call_in: OptionalId = ""


class FileShape(Shape):
    """The whole file."""

    format: Literal[1] = 1
    organisation: OrganisationShape
    site: SiteShape
    buildings: Annotated[dict[Id, BuildingShape], Field(max_length=1000)] = {}
    units: Annotated[dict[Id, UnitShape], Field(max_length=10_000)] = {}
    people: Annotated[dict[Id, PersonShape], Field(max_length=20_000)] = {}
    devices: Annotated[dict[Id, DeviceShape], Field(max_length=40_000)] = {}
    controllers: Annotated[dict[Id, ControllerShape], Field(max_length=1000)] = {}
    panels: Annotated[dict[Id, PanelShape], Field(max_length=1000)] = {}
    doors: Annotated[dict[Id, DoorShape], Field(max_length=5000)] = {}
    groups: Annotated[dict[Id, GroupShape], Field(max_length=10_000)] = {}
    buttons: Annotated[dict[Id, ButtonShape], Field(max_length=20_000)] = {}
    schedules: Annotated[dict[Id, ScheduleShape], Field(max_length=1000)] = {}
    calendars: Annotated[dict[Id, CalendarShape], Field(max_length=100)] = {}
    rules: Annotated[dict[Id, RuleShape], Field(max_length=10_000)] = {}
    telephony: TelephonyShape | None = None

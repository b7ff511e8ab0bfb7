"""Who and what exists in a site: buildings, units, people, devices, panels, doors, buttons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialplan.rows import Decline, DeviceKind, Driver, Pause, SiteKind
from dialplan.schedule import Schedule

ButtonKind = Literal["individual", "common_simultaneous", "common_sequential", "grouped"]


@dataclass(frozen=True, slots=True)
class Site:
    """One SIP domain with its type of privacy."""

    domain: str
    organisation: str
    kind: SiteKind
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Building:
    """A house."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A flat or an office."""

    id: str
    building: str
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be called; `user` is the address, `number` the short number or ""."""

    id: str
    user: str
    number: str
    name: str
    alias: str
    unit: str
    ring_station: bool
    hidden: Pause
    do_not_disturb: Pause
    telephone: str = ""

    @property
    def shown_name(self) -> str:
        """What a visitor reads."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True)
class Device:
    """Something that registers. `person` or `unit` owns it, or it is part of `building`; the others are
    "".
    """

    id: str
    kind: DeviceKind
    username: str
    number: str
    name: str
    person: str
    unit: str
    building: str


@dataclass(frozen=True, slots=True)
class Key:
    """A digit that opens a door."""

    digit: str
    door: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: `device` is its id; `doors` in order, the first being "the" door; `talk_seconds` at most.

    `answer_early`: it sends no picture before it is answered, so it is answered at once and hears us ring.
    `idle_seconds` without a touch, and its screen is the next visitor's; `camera_notice` "": our own words.
    """

    device: str
    building: str
    doors: tuple[str, ...]
    keys: tuple[Key, ...]
    talk_seconds: int
    answer_early: bool = False
    idle_seconds: int = 20
    camera_notice: str = ""


@dataclass(frozen=True, slots=True)
class Then:
    """The next door on the way in, `delay` seconds after the one before it has opened."""

    door: str
    delay: int


@dataclass(frozen=True, slots=True)
class Door:
    """A door. `controller` is the id of the device that drives it, by `driver` and its `relay`; it opens for
    `open_seconds` (1-60). `lockdown`: whether a lockdown locks it; `interlock`: doors to be shut first;
    `then`: doors that open after it. `hold`: when it is held open; the rest as in `dialplan.rows.DoorRow`.
    """

    id: str
    name: str
    building: str
    controller: str
    relay: str
    driver: Driver
    open_seconds: int
    fail: Literal["secure", "safe"]
    resting: Literal["locked", "unlocked"]
    escape_route: bool
    exit_hardware: bool
    lockdown: bool
    interlock: tuple[str, ...]
    then: tuple[Then, ...] = ()
    hold: Schedule | None = None
    contact: str = ""
    left_open_seconds: int = 60
    forced_alarm: bool = False
    address: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A name on panels (their device ids). `person` (individual) or `group` (the other kinds) is what it
    rings, the other is "". `talk_seconds` None: the panel's. `fallback` is a group or "". `caretaker`:
    panels keep it in sight.
    """

    id: str
    user: str
    number: str
    label: str
    kind: ButtonKind
    person: str
    group: str
    panels: tuple[str, ...]
    ring_seconds: int
    fallback: str
    ring_limit: int
    talk_seconds: int | None
    decline: Decline
    hidden: Pause
    caretaker: bool = False


@dataclass(frozen=True, slots=True)
class Directory:
    """All of a site; buttons in the order in which panels show them, everything else by id."""

    site: Site
    buildings: tuple[Building, ...]
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    devices: tuple[Device, ...]
    panels: tuple[Panel, ...]
    doors: tuple[Door, ...]
    buttons: tuple[Button, ...]


def paused(pause: Pause, at: datetime) -> bool:
    """Whether something switched off by `pause` is off at that moment."""
    return pause if isinstance(pause, bool) else at < pause

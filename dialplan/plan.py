"""One site's plan as the PBX holds it: frozen, with the indexes that calls need built once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dialplan.directory import (
    Building,
    Button,
    ButtonKind,
    Device,
    Directory,
    Door,
    Panel,
    Person,
    Unit,
    paused,
)
from dialplan.groups import Group, Rule
from dialplan.index import Index
from dialplan.numbers import classify
from dialplan.route import Target
from dialplan.rows import SiteKind, TelephonyRow
from dialplan.schedule import Calendar, Schedule


@dataclass(frozen=True, slots=True)
class Choice:
    """One name in the list that a grouped button opens; dial `user` or `number`."""

    user: str
    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One button as a panel shows it; dial `user` or `number`, for a grouped button those of a choice."""

    button: str
    kind: ButtonKind
    user: str
    number: str
    label: str
    choices: tuple[Choice, ...]
    caretaker: bool = False


@dataclass(frozen=True)
class DialPlan:
    """Directory, groups, schedules and rights of one site. Made by `compile` or `document.load` only, which
    see to it that every reference leads somewhere and no group contains itself.
    """

    revision: int
    directory: Directory
    groups: tuple[Group, ...]
    schedules: tuple[Schedule, ...]
    calendars: tuple[Calendar, ...]
    rules: tuple[Rule, ...]
    telephony: TelephonyRow | None = None
    _index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", Index(self.directory, self.groups, self.rules))

    @property
    def site(self) -> str:
        """The SIP domain."""
        return self.directory.site.domain

    @property
    def kind(self) -> SiteKind:
        """The site's type of privacy."""
        return self.directory.site.kind

    def building(self, building: str) -> Building | None:
        """The building with this id."""
        return self._index.buildings.get(building)

    def unit(self, unit: str) -> Unit | None:
        """The unit with this id."""
        return self._index.units.get(unit)

    def person(self, person: str) -> Person | None:
        """The person with this id."""
        return self._index.people.get(person)

    def device(self, device: str) -> Device | None:
        """The device with this id."""
        return self._index.devices.get(device)

    def device_named(self, username: str) -> Device | None:
        """The device with this digest user name."""
        return self._index.usernames.get(username)

    def panel(self, device: str) -> Panel | None:
        """The panel that is the device with this id."""
        return self._index.panels.get(device)

    def door(self, door: str) -> Door | None:
        """The door with this id."""
        return self._index.doors.get(door)

    def button(self, button: str) -> Button | None:
        """The button with this id."""
        return self._index.buttons.get(button)

    def group(self, group: str) -> Group | None:
        """The dial group with this id."""
        return self._index.groups.get(group)

    def person_of(self, device: str) -> Person | None:
        """The person who owns the device with this id; None for devices of units and buildings."""
        found = self._index.devices.get(device)
        return self._index.people.get(found.person) if found is not None else None

    def building_of(self, device: str) -> str:
        """The id of the building a device is in, by itself, its unit or its person's unit; "" if unknown."""
        found = self._index.devices.get(device)
        if found is None:
            return ""
        person = self._index.people.get(found.person)
        unit = self._index.units.get(found.unit or (person.unit if person is not None else ""))
        return found.building or (unit.building if unit is not None else "")

    def devices_of(self, target: Target) -> tuple[str, ...]:
        """The ids of the devices a target rings: a person's own and, by `ring_station`, the unit's
        stations; a device itself; none for a number or an unknown id.
        """
        if target.kind == "person":
            return self._index.person_devices.get(target.id, ())
        return (target.id,) if target.kind == "device" and target.id in self._index.devices else ()

    def label_of(self, target: Target) -> str:
        """A target's name, for those who know the people here: an admin, a resident."""
        person, device = self._index.people.get(target.id), self._index.devices.get(target.id)
        if target.kind == "person" and person is not None:
            return person.name
        if target.kind == "device" and device is not None:
            return device.name or device.username
        return target.id

    def at_address(self, dialled: str) -> Target | None:
        """The person or device whose address or short number this is."""
        return self._index.addresses.get(classify(dialled).value)

    def button_at(self, panel: str, dialled: str) -> Button | None:
        """The button on this panel with that address or short number; an individual one also by its
        person's.
        """
        return self._index.panel_buttons.get((panel, classify(dialled).value))

    def buttons_on(self, panel: str) -> tuple[Button, ...]:
        """All buttons of a panel, shown at the moment or not, in order."""
        return self._index.on_panel.get(panel, ())

    def own_button(self, person: str) -> Button | None:
        """The first individual button of a person, on whatever panel."""
        return self._index.own_buttons.get(person)

    def rules_for(self, door: str) -> tuple[Rule, ...]:
        """The rights that concern a door."""
        return self._index.door_rules.get(door, ())

    def listing(self, panel: str, at: datetime) -> tuple[Entry, ...]:
        """The directory as a visitor at this panel sees it at that moment."""
        entries = (self._entry(button, at) for button in self.buttons_on(panel) if self.shown(button, at))
        return tuple(entry for entry in entries if entry.kind != "grouped" or entry.choices)

    def shown(self, button: Button, at: datetime) -> bool:
        """Whether a button is to be seen: unless it is hidden, or everybody it would ring is."""
        if paused(button.hidden, at):
            return False
        targets = self._index.button_targets[button.id]
        return not targets or any(self.visible(target, at) for target in targets)

    def visible(self, target: Target, at: datetime) -> bool:
        """Whether this target is not, and is not owned by, somebody hidden at that moment."""
        person = self._person_behind(target)
        return person is None or not paused(person.hidden, at)

    def callable(self, target: Target, at: datetime) -> bool:
        """Whether a target may be rung at that moment: neither hidden nor undisturbed, and with a device."""
        person = self._person_behind(target)
        if person is not None and (paused(person.hidden, at) or paused(person.do_not_disturb, at)):
            return False
        if target.kind == "number" or self.devices_of(target):
            return True
        return target.kind == "person" and person is not None and bool(person.telephone)

    def whose_telephone(self, number: str) -> tuple[Person, ...]:
        """The people whose telephone this is; a couple may share one."""
        return self._index.telephones.get(number, ())

    def choices(self, button: Button, at: datetime) -> Iterator[tuple[Target, Choice]]:
        """The names a grouped button lists at that moment, and whom each stands for."""
        if button.kind != "grouped":
            return
        for member in self._index.groups[button.group].members:
            if not member.on or not (member.window is None or member.window.is_open(at)):
                continue
            if member.kind == "device":
                choice = self._device_choice(self._index.devices[member.id], at)
            else:
                choice = self._person_choice(self._index.people[member.id], at)
            if choice is not None:
                yield choice

    def _person_choice(self, person: Person, at: datetime) -> tuple[Target, Choice] | None:
        own = self.own_button(person.id)
        if paused(person.hidden, at) or (own is not None and paused(own.hidden, at)):
            return None
        return Target("person", person.id), Choice(person.user, person.number, person.shown_name)

    def _device_choice(self, device: Device, at: datetime) -> tuple[Target, Choice] | None:
        target = Target("device", device.id)
        label = device.name or device.username
        return (target, Choice(device.username, device.number, label)) if self.visible(target, at) else None

    def _entry(self, button: Button, at: datetime) -> Entry:
        choices = tuple(choice for _, choice in self.choices(button, at))
        return Entry(
            button.id, button.kind, button.user, button.number, button.label, choices, button.caretaker
        )

    def _person_behind(self, target: Target) -> Person | None:
        if target.kind == "person":
            return self._index.people.get(target.id)
        return self.person_of(target.id) if target.kind == "device" else None

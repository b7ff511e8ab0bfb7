"""What a plan looks things up by, built once from its directory, groups and rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from dialplan.directory import Button, Directory, Person
from dialplan.groups import Group, Rule
from dialplan.route import Target


class _Row(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Row)


def _by_id(rows: Iterable[T]) -> dict[str, T]:
    return {row.id: row for row in rows}


class Index:
    """Everything a call looks up, by what it looks up with."""

    def __init__(self, directory: Directory, groups: tuple[Group, ...], rules: tuple[Rule, ...]) -> None:
        self.buildings = _by_id(directory.buildings)
        self.units = _by_id(directory.units)
        self.people = _by_id(directory.people)
        self.devices = _by_id(directory.devices)
        self.doors = _by_id(directory.doors)
        self.buttons = _by_id(directory.buttons)
        self.groups = _by_id(groups)
        self.panels = {panel.device: panel for panel in directory.panels}
        self.usernames = {device.username: device for device in directory.devices}
        self.addresses = dict(_addresses(directory))
        self.person_devices = _person_devices(directory)
        self.telephones = _telephones(directory)
        self.own_buttons: dict[str, Button] = {}
        for button in directory.buttons:
            if button.kind == "individual":
                self.own_buttons.setdefault(button.person, button)
        self.panel_buttons = self._panel_buttons(directory)
        self.on_panel = {
            panel.device: tuple(button for button in directory.buttons if panel.device in button.panels)
            for panel in directory.panels
        }
        self.door_rules = _door_rules(rules)
        leaves: dict[str, frozenset[Target]] = {}
        self.button_targets = {
            button.id: frozenset({Target("person", button.person)})
            if button.kind == "individual"
            else self._leaves(button.group, leaves)
            for button in directory.buttons
        }

    def _panel_buttons(self, directory: Directory) -> dict[tuple[str, str], Button]:
        found: dict[tuple[str, str], Button] = {}
        for button in directory.buttons:
            own = [button.user, button.number]
            if button.kind == "individual":
                person = self.people[button.person]
                own += [person.user, person.number]
            for panel in button.panels:
                for address in filter(None, own):
                    found.setdefault((panel, address), button)
        return found

    def _leaves(self, group: str, known: dict[str, frozenset[Target]]) -> frozenset[Target]:
        """Everybody a group rings, through its groups, when every window is open."""
        if group not in known:
            found: set[Target] = set()
            for member in self.groups[group].members:
                if member.on and member.kind == "group":
                    found |= self._leaves(member.id, known)
                elif member.on and member.kind != "group":
                    found.add(Target(member.kind, member.id))
            known[group] = frozenset(found)
        return known[group]


def _addresses(directory: Directory) -> Iterator[tuple[str, Target]]:
    for person in directory.people:
        for address in filter(None, (person.user, person.number)):
            yield address, Target("person", person.id)
    for device in directory.devices:
        for address in filter(None, (device.username, device.number)):
            yield address, Target("device", device.id)


def _person_devices(directory: Directory) -> dict[str, tuple[str, ...]]:
    own: dict[str, list[str]] = {}
    stations: dict[str, list[str]] = {}
    for device in directory.devices:
        if device.person:
            own.setdefault(device.person, []).append(device.id)
        elif device.unit and device.kind == "station":
            stations.setdefault(device.unit, []).append(device.id)
    for person in directory.people:
        if person.ring_station:
            own.setdefault(person.id, []).extend(stations.get(person.unit, ()))
    return {person: tuple(devices) for person, devices in own.items()}


def _telephones(directory: Directory) -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = {}
    for person in directory.people:
        if person.telephone:
            found.setdefault(person.telephone, []).append(person)
    return {number: tuple(people) for number, people in found.items()}


def _door_rules(rules: tuple[Rule, ...]) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for door in rule.doors:
            found.setdefault(door, []).append(rule)
    return {door: tuple(of_door) for door, of_door in found.items()}

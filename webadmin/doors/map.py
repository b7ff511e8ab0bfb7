"""The map of a door rule: gate, lobby, lift with the seconds between, as shapes for an SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dialplan.rows import DoorRow

BOX = 170
GAP = 90
HEIGHT = 96


@dataclass(frozen=True, slots=True)
class Stop:
    """A door on the way in: its place in the drawing, and `after` how many seconds from the first tap."""

    door: str
    name: str
    x: int
    delay: int
    after: int
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """The doors in the order they open, and the drawing's width."""

    stops: tuple[Stop, ...]
    width: int


def draw(door: DoorRow, doors: Mapping[str, DoorRow]) -> Map:
    """The way in that begins at `door`; what `doors` does not know is left out."""
    steps = [(door.id, 0), *((each.door, each.delay) for each in door.then)]
    stops: list[Stop] = []
    after = 0
    for id_, delay in steps:
        row = doors.get(id_)
        if row is None:
            continue
        after += delay
        waits = tuple(doors[each].name for each in row.interlock if each in doors)
        stops.append(Stop(id_, row.name, len(stops) * (BOX + GAP), delay, after, waits))
    return Map(tuple(stops), len(stops) * (BOX + GAP) - GAP + 2)

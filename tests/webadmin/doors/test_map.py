"""The map of a way in."""

from __future__ import annotations

from dialplan.rows import DoorRow, ThenRow
from webadmin.doors.map import BOX, GAP, draw


def door(key: str, **more: object) -> DoorRow:
    return DoorRow(key, key.title(), "b", "c", key, **more)  # type: ignore[arg-type]


def test_gate_lobby_lift() -> None:
    gate = door("gate", then=(ThenRow("lobby", 2), ThenRow("lift", 4), ThenRow("gone", 1)))
    doors = {"gate": gate, "lobby": door("lobby"), "lift": door("lift", interlock=("lobby",))}
    drawn = draw(gate, doors)
    assert [(stop.name, stop.after) for stop in drawn.stops] == [("Gate", 0), ("Lobby", 2), ("Lift", 6)]
    assert [stop.x for stop in drawn.stops] == [0, BOX + GAP, 2 * (BOX + GAP)]
    assert drawn.stops[2].waits_for == ("Lobby",) and drawn.width == 3 * BOX + 2 * GAP + 2

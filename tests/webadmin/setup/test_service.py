"""Edits of the set-up, on rows alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from dialplan.rows import BuildingRow, DoorRow, PersonRow, SiteRows
from webadmin.panels.service import add_box
from webadmin.setup import service

EMPTY = SiteRows("a.example", "a", "residential", buildings=(BuildingRow("house", "Huset"),))


@pytest.mark.parametrize(
    ("name", "made"),
    [("Fjordgata 12", "fjordgata-12"), ("Ærø Å", "aero-a"), ("日本", "house"), ("", "house")],
)
def test_slugs(name: str, made: str) -> None:
    assert service.slug(name) == made


def test_a_text_becomes_units_once_each() -> None:
    assert service.unit_names(" H1\n\nH2, H1;H3 ") == ["H1", "H2", "H3"]


@pytest.mark.parametrize("driven", ["controller", "panel"])
def test_a_whole_house_compiles(driven: str) -> None:
    rows = service.add_units(["H1", "H2"], "house")(EMPTY)
    rows = service.add_people({"h1": ["Kari", "Ola"]}, "phone")(rows)
    again = service.add_people({"h1": ["Kari"]}, "phone")(rows)
    assert again == rows
    rows = add_box("panel", "Inngang", "house")(rows)
    door = DoorRow("", "Hoveddøra", "", "", "0#" if driven == "panel" else "")
    door = replace(door, driver="panel_digit" if driven == "panel" else "agent")
    rows = service.add_door(door, "inngang", driven, "Styring")(rows)
    plan = compile_plan(rows)
    assert isinstance(plan, DialPlan), plan
    assert [button.person for button in rows.buttons] == ["kari", "ola"]
    beyond = PersonRow("eva", "Eva", unit="h2")  # who runs H1 alone gives nobody of H2 a device
    more = service.add_people({"h1": ["Per"]}, "app")(replace(rows, people=(*rows.people, beyond)))
    assert {device.person for device in more.devices if device.person} == {"kari", "ola", "per"}
    assert rows.doors[0].controller == ("styring" if driven == "controller" else "inngang")

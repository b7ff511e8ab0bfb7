"""Gate, lobby, lift: what one order opens."""

from __future__ import annotations

from dialplan.directory import Then
from dialplan.openings import openings
from dialplan.rows import ThenRow
from tests.dialplan.checks.expectations import changed
from tests.support.demonstration import house
from tests.support.plans import compiled

WAY = changed(
    changed(house(), "doors", "gate", then=(ThenRow("front", 10), ThenRow("garage", 20))),
    "doors",
    "front",
    then=(ThenRow("gate", 5),),
)


def test_a_door_opens_what_is_written_after_it_and_no_more() -> None:
    plan = compiled(WAY)
    assert openings(plan, "gate") == (Then("gate", 0), Then("front", 10), Then("garage", 20))
    assert openings(plan, "garage") == (Then("garage", 0),)


def test_an_unknown_door_opens_nothing() -> None:
    assert openings(compiled(house()), "nowhere") == ()

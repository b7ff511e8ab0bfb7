"""5 opens the panel's first door; other digits what the panel says; anything else nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.keys import door_for
from dialplan.plan import DialPlan
from dialplan.rows import KeyRow, PanelRow
from tests.support.demonstration import house
from tests.support.plans import compiled, plans

HOUSE = compiled(house())


def test_five_opens_the_first_door() -> None:
    assert door_for(HOUSE, "panel-front", "5") == "front"
    assert door_for(HOUSE, "panel-garage", "5") == "garage"


def test_other_digits_mean_what_the_panel_says_and_seven_nothing() -> None:
    assert door_for(HOUSE, "panel-front", "8") == "gate"
    assert door_for(HOUSE, "panel-front", "7") is None
    assert door_for(HOUSE, "panel-garage", "8") is None


def test_five_may_be_given_to_another_door() -> None:
    panels = (PanelRow("panel-front", ("front", "gate"), (KeyRow("5", "gate"),)), PanelRow("panel-garage"))
    plan = compiled(replace(house(), panels=panels))
    assert door_for(plan, "panel-front", "5") == "gate"
    assert door_for(plan, "panel-garage", "5") is None, "a panel without a door"


def test_what_is_no_panel_has_no_keys() -> None:
    assert door_for(HOUSE, "relays", "5") is None
    assert door_for(HOUSE, "", "5") is None


@settings(max_examples=40)
@given(plans(), st.sampled_from(("panel1", "panel2")), st.text(max_size=2))
def test_a_digit_opens_a_door_of_the_panel_or_none(plan: DialPlan, device: str, digit: str) -> None:
    panel = plan.panel(device)
    assert panel is not None
    door = door_for(plan, device, digit)
    assert door is None or door in panel.doors
    assert door is None or digit == "5" or digit in {key.digit for key in panel.keys}

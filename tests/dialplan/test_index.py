"""The index holds each look-up ready."""

from __future__ import annotations

from dialplan.index import Index
from dialplan.route import Target
from tests.support.demonstration import house, office
from tests.support.plans import compiled


def index_of_house() -> Index:
    plan = compiled(house())
    return Index(plan.directory, plan.groups, plan.rules)


def test_addresses_hold_no_empty_number() -> None:
    index = index_of_house()
    assert "" not in index.addresses
    assert all(address for _, address in index.panel_buttons)


def test_what_a_button_rings_counts_all_groups_within_and_only_members_that_are_on() -> None:
    plan = compiled(office())
    index = Index(plan.directory, plan.groups, plan.rules)
    assert index.button_targets["reception"] == {
        *(Target("person", id_) for id_ in ("anna", "erik", "sofie", "jonas")),
        Target("device", "meeting"),
    }
    assert index.button_targets["delivery"] >= {Target("number", "+4740000000")}


def test_the_rights_of_a_door() -> None:
    index = index_of_house()
    assert [rule.id for rule in index.door_rules["front"]] == ["caretaker", "late", "residents"]
    assert [rule.id for rule in index.door_rules["garage"]] == ["caretaker", "residents"]


def test_people_without_a_device_have_none() -> None:
    assert "nobody" not in index_of_house().person_devices

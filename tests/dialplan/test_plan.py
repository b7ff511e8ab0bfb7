"""Look-ups, the directory a visitor sees, and who may be shown and called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.plan import Choice, DialPlan, Entry
from dialplan.route import Target
from dialplan.rows import ButtonRow, GroupRow, MemberRow, Pause, SiteRows
from tests.support.demonstration import house, office
from tests.support.plans import PANELS, compiled, moments, plans

HOUSE, OFFICE = compiled(house()), compiled(office())
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)


def hide(rows: SiteRows, *ids: str, hidden: Pause = True, do_not_disturb: Pause = False) -> SiteRows:
    """The site with these people away."""
    people = (
        replace(person, hidden=hidden, do_not_disturb=do_not_disturb) if person.id in ids else person
        for person in rows.people
    )
    return replace(rows, people=tuple(people))


def labels(plan: DialPlan, panel: str, at: datetime = NOON) -> list[str]:
    return [entry.label for entry in plan.listing(panel, at)]


def test_what_stands_on_top() -> None:
    assert (HOUSE.site, HOUSE.kind, HOUSE.revision) == ("fjordgata.example", "residential", 7)


def test_look_ups_by_id() -> None:
    for look_up, id_ in (
        (HOUSE.building, "fjordgata5"),
        (HOUSE.unit, "h0101"),
        (HOUSE.person, "kari"),
        (HOUSE.device, "kari-app"),
        (HOUSE.door, "front"),
        (HOUSE.button, "nordmann"),
        (HOUSE.group, "hansen"),
        (HOUSE.device_named, "kari-app"),
    ):
        found = look_up(id_)
        assert found is not None and found.id == id_
        assert look_up("nothing") is None
        assert look_up("") is None
    panel = HOUSE.panel("panel-front")
    assert panel is not None and panel.doors == ("front", "gate")
    assert HOUSE.panel("relays") is None


def test_a_device_leads_to_its_person_and_building() -> None:
    kari = HOUSE.person_of("kari-phone")
    assert kari is not None and kari.id == "kari"
    assert HOUSE.person_of("station-h0101") is None
    assert HOUSE.person_of("nothing") is None
    for device in ("kari-phone", "station-h0101", "panel-front"):
        assert HOUSE.building_of(device) == "fjordgata5"
    assert HOUSE.building_of("vaktmester-phone") == ""
    assert HOUSE.building_of("nothing") == ""


def test_a_person_rings_on_own_devices_and_the_flats_station() -> None:
    assert HOUSE.devices_of(Target("person", "kari")) == ("kari-app", "kari-phone", "station-h0101")
    assert HOUSE.devices_of(Target("person", "ola")) == ("ola-app", "station-h0101")
    assert HOUSE.devices_of(Target("device", "station-h0101")) == ("station-h0101",)
    assert HOUSE.devices_of(Target("device", "nothing")) == ()
    assert HOUSE.devices_of(Target("number", "+4722334455")) == ()
    people = tuple(replace(person, ring_station=False) for person in house().people)
    assert compiled(replace(house(), people=people)).devices_of(Target("person", "ola")) == ("ola-app",)


def test_addresses_and_short_numbers_lead_to_people_and_devices() -> None:
    assert HOUSE.at_address("kari") == HOUSE.at_address("101") == Target("person", "kari")
    assert HOUSE.at_address("Kari") == Target("person", "kari")
    assert HOUSE.at_address("kari-phone") == HOUSE.at_address("111101") == Target("device", "kari-phone")
    assert HOUSE.at_address("nordmann") is None, "a button is pressed, not called"
    assert HOUSE.at_address("") is None


@pytest.mark.parametrize("dialled", ["b-aase", "aase", "102", "AASE"])
def test_an_individual_button_answers_to_its_person_too(dialled: str) -> None:
    button = HOUSE.button_at("panel-front", dialled)
    assert button is not None and button.id == "b-aase"


def test_buttons_of_a_panel() -> None:
    assert HOUSE.button_at("panel-front", "floor3") is None
    assert HOUSE.button_at("panel-garage", "floor3") == HOUSE.button("floor3")
    assert HOUSE.button_at("panel-front", "11") == HOUSE.button("nordmann")
    assert HOUSE.button_at("panel-front", "") is None
    assert HOUSE.buttons_on("nothing") == ()
    assert HOUSE.own_button("aase") == HOUSE.button("b-aase")
    assert HOUSE.own_button("kari") is None


def test_names_for_those_who_know_the_people() -> None:
    assert HOUSE.label_of(Target("person", "vaktmester")) == "Roar Vik"
    assert HOUSE.label_of(Target("device", "kari-phone")) == "Kari, bordtelefon"
    assert HOUSE.label_of(Target("device", "kari-app")) == "kari-app"
    assert HOUSE.label_of(Target("number", "+4722334455")) == "+4722334455"
    assert HOUSE.label_of(Target("person", "nothing")) == "nothing"


def test_the_directory_as_a_visitor_sees_it() -> None:
    names = [
        "Nordmann",
        "Hansen",
        "Åse Ødegård",
        "Mohammed Ali",
        "Ingrid Bjørnstad",
        "Thi Nguyen",
        "Bjørn Lie",
    ]
    assert labels(HOUSE, "panel-front") == [*names, "Vaktmester"]
    assert labels(HOUSE, "panel-garage") == [*names, "3. etasje", "Vaktmester"]
    assert labels(HOUSE, "relays") == []


def test_a_grouped_button_lists_its_people() -> None:
    staff = OFFICE.listing("panel-lobby", NOON)[1]
    assert (staff.button, staff.kind, staff.label) == ("staff", "grouped", "Staff")
    assert staff.choices[0] == Choice("anna", "20", "Anna Berg")
    assert staff.choices[4] == Choice("meeting", "30", "Meeting room")


def test_whoever_is_hidden_is_not_shown() -> None:
    plan = compiled(hide(house(), "aase", "nils", "kari"))
    assert "Åse Ødegård" not in labels(plan, "panel-front")
    assert "Nordmann" in labels(plan, "panel-front"), "Ola is still there"
    floor = next(entry for entry in plan.listing("panel-garage", NOON) if entry.button == "floor3")
    assert [choice.label for choice in floor.choices] == ["Per Hansen"]


def test_a_common_button_goes_when_all_are_hidden_and_a_grouped_one_when_none_is_left() -> None:
    plan = compiled(hide(house(), "kari", "ola", "nils", "per"))
    assert "Nordmann" not in labels(plan, "panel-garage")
    assert "3. etasje" not in labels(plan, "panel-garage")
    assert "Hansen" in labels(plan, "panel-garage"), "Liv and the telephone are still there"


def test_hidden_until_a_moment() -> None:
    plan = compiled(hide(house(), "aase", hidden=NOON + timedelta(hours=1)))
    assert "Åse Ødegård" not in labels(plan, "panel-front", NOON)
    assert "Åse Ødegård" in labels(plan, "panel-front", NOON + timedelta(hours=1))


def test_who_does_not_want_to_be_disturbed_is_shown_but_not_called() -> None:
    plan = compiled(hide(house(), "aase", hidden=False, do_not_disturb=True))
    assert "Åse Ødegård" in labels(plan, "panel-front")
    assert plan.visible(Target("person", "aase"), NOON)
    assert not plan.callable(Target("person", "aase"), NOON)
    assert not plan.callable(Target("device", "aase-app"), NOON), "nor by the device"


def test_who_may_be_called() -> None:
    assert HOUSE.callable(Target("person", "kari"), NOON)
    assert HOUSE.callable(Target("device", "station-h0101"), NOON)
    assert HOUSE.callable(Target("number", "+4722334455"), NOON)
    assert not HOUSE.callable(Target("device", "nothing"), NOON)
    nobody = compiled(replace(house(), devices=tuple(d for d in house().devices if d.person != "thi")))
    assert not nobody.callable(Target("person", "thi"), NOON), "without a device"


def test_a_hidden_button_is_not_shown_and_takes_its_owner_out_of_lists() -> None:
    own = ButtonRow("b-nils", person="nils", panels=(), hidden=True)
    buttons = tuple(replace(b, hidden=True) if b.id == "nordmann" else b for b in house().buttons)
    plan = compiled(replace(house(), buttons=(*buttons, own)))
    assert "Nordmann" not in labels(plan, "panel-front")
    floor = next(entry for entry in plan.listing("panel-garage", NOON) if entry.button == "floor3")
    assert [choice.label for choice in floor.choices] == ["Per Hansen"]


def test_choices_follow_switches_and_windows() -> None:
    members = (
        MemberRow("person", "anna", during="open"),
        MemberRow("person", "erik", outside="open"),
        MemberRow("person", "sofie", on=False),
        MemberRow("device", "anna-desk"),
    )
    groups = (*(g for g in office().groups if g.id != "staff"), GroupRow("staff", "Staff", members))
    plan = compiled(replace(office(), groups=groups))

    def names(at: datetime) -> list[str]:
        return [choice.label for choice in plan.listing("panel-lobby", at)[1].choices]

    assert names(NOON) == ["Anna Berg", "anna-desk"]
    assert names(NIGHT) == ["Erik Dahl", "anna-desk"]
    away = compiled(hide(replace(office(), groups=groups), "anna"))
    assert [choice.label for choice in away.listing("panel-lobby", NIGHT)[1].choices] == ["Erik Dahl"]


def test_a_button_whose_members_are_all_switched_off_stays() -> None:
    off = GroupRow("nordmann", "Nordmann", (MemberRow("person", "kari", on=False),))
    groups = (*(group for group in house().groups if group.id != "nordmann"), off)
    assert "Nordmann" in labels(compiled(replace(house(), groups=groups)), "panel-front")


def test_only_a_grouped_button_has_choices() -> None:
    button = HOUSE.button("nordmann")
    assert button is not None and list(HOUSE.choices(button, NOON)) == []


@settings(max_examples=40)
@given(plans(), st.sampled_from(PANELS), moments)
def test_nobody_hidden_is_listed(plan: DialPlan, panel: str, at: datetime) -> None:
    hidden = {
        person.user for person in plan.directory.people if not plan.visible(Target("person", person.id), at)
    }
    for entry in plan.listing(panel, at):
        button = plan.button(entry.button)
        assert button is not None and panel in button.panels
        assert entry == Entry(button.id, button.kind, button.user, button.number, button.label, entry.choices)
        assert hidden.isdisjoint(choice.user for choice in entry.choices)
        person = plan.person(button.person)
        assert person is None or person.user not in hidden
        assert (entry.kind == "grouped") == bool(entry.choices)


@settings(max_examples=40)
@given(plans())
def test_plans_are_compared_by_what_they_say(plan: DialPlan) -> None:
    again = DialPlan(plan.revision, plan.directory, plan.groups, plan.schedules, plan.calendars, plan.rules)
    assert again == plan
    assert replace(plan, revision=plan.revision + 1) != plan

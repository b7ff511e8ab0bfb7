"""What a home is told: doors, bells, and never who."""

from __future__ import annotations

import json

from pbx.doors.home_assistant import Told, Topics
from pbx.facts import AlarmRaised, CallStarted, DoorMoved, DoorOpened, PlanLoaded
from tests.support.demonstration import office
from tests.support.plans import compiled

TOPICS, PLAN = Topics(), compiled(office())


def test_discovery_names_doors_and_bells() -> None:
    told = {each.topic: json.loads(each.payload) for each in TOPICS.announce(PLAN)}
    contact = told["homeassistant/binary_sensor/kontoret_example_lobby-contact/config"]
    assert (contact["device_class"], contact["state_topic"]) == (
        "door",
        "doorline/kontoret.example/doors/lobby/contact",
    )
    bell = told["homeassistant/event/kontoret_example_panel-lobby-bell/config"]
    assert (bell["device_class"], bell["event_types"]) == ("doorbell", ["ring"])
    assert all(each.retain for each in TOPICS.announce(PLAN))
    assert not any("command_topic" in each for each in told.values())


def test_states() -> None:
    assert TOPICS.message(DoorMoved("s", "d", True)) == Told("doorline/s/doors/d/contact", "ON", True)
    assert TOPICS.message(AlarmRaised("s", "left_open", "d", "")) == Told(
        "doorline/s/doors/d/left_open", "ON", True
    )
    assert TOPICS.message(PlanLoaded("s", 1)) is None


def test_nobody_is_named() -> None:
    rang = TOPICS.message(CallStarted("s", "c", "l", "panel", "kari", "Kari Nordmann", "panel"))
    opened = TOPICS.message(DoorOpened("s", "d", "visitor_call", "c"))
    assert rang == Told("doorline/s/panels/panel/bell", '{"event_type": "ring"}')
    assert opened == Told("doorline/s/doors/d/event", '{"event_type": "opened"}')
    assert TOPICS.message(CallStarted("s", "c", "l", "app", "kari", "Kari", None)) is None

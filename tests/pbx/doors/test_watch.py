"""What is known of doors: lockdowns that end, fires, tampering, contacts that may be unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dialplan.access import DoorState
from pbx.doors.watch import Lockdown, Watch
from tests.support.demonstration import office
from tests.support.plans import compiled

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
PLAN = compiled(office())
SITE = PLAN.site
LOBBY = PLAN.directory.doors[0] if PLAN.directory.doors[0].id == "lobby" else PLAN.directory.doors[1]
CONTROLLER = LOBBY.controller


def test_a_lockdown_lasts_until_its_end() -> None:
    watch = Watch()
    watch.lock(Lockdown(SITE, "lobby", AT + timedelta(minutes=1), "caretaker"))
    assert watch.state(PLAN, LOBBY, AT) == DoorState(lockdown=True)
    assert watch.state(PLAN, LOBBY, AT + timedelta(minutes=1)) == DoorState()
    assert watch.expired(AT) == []
    assert [each.by for each in watch.lockdowns(SITE)] == ["caretaker"]
    assert [each.door for each in watch.expired(AT + timedelta(minutes=1))] == ["lobby"]
    assert not watch.unlock(SITE, "lobby")


def test_a_fire_is_in_a_building_and_lasts_though_the_device_is_away() -> None:
    watch = Watch()
    assert watch.learn(SITE, CONTROLLER, "alarm", "fire", True)
    assert not watch.learn(SITE, CONTROLLER, "alarm", "fire", True)
    watch.forget_contacts(SITE, CONTROLLER)
    assert watch.state(PLAN, LOBBY, AT).fire
    assert not watch.state(PLAN, replace(LOBBY, building="elsewhere"), AT).fire
    watch.learn(SITE, CONTROLLER, "alarm", "fire", False)
    assert not watch.state(PLAN, LOBBY, AT).fire


def test_a_contact_is_known_only_while_its_controller_is_there() -> None:
    watch = Watch()
    assert watch.stands_open(SITE, LOBBY) is None
    assert not watch.learn(SITE, CONTROLLER, "lobby-contact", "contact", False)
    assert watch.stands_open(SITE, LOBBY) is False
    assert watch.learn(SITE, CONTROLLER, "lobby-contact", "contact", True)
    assert watch.stands_open(SITE, LOBBY) is True
    watch.forget_contacts(SITE, CONTROLLER)
    assert watch.stands_open(SITE, LOBBY) is None


def test_tampering_counts_at_that_panel_only() -> None:
    watch = Watch()
    watch.learn(SITE, "panel-lobby", "lid", "tamper", True)
    assert watch.state(PLAN, LOBBY, AT, "panel-lobby").tamper
    assert not watch.state(PLAN, LOBBY, AT, "panel-other").tamper
    assert not watch.state(PLAN, LOBBY, AT).tamper


def test_a_schedule_holds() -> None:
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert Watch().state(PLAN, LOBBY, monday).hold
    assert not Watch().state(PLAN, LOBBY, monday.replace(hour=22)).hold

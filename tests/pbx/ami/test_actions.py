from __future__ import annotations

import pytest

from pbx.ami.channels import UP
from tests.support.ami import HOUSE, OFFICE
from tests.support.ami_desk import Desk


def test_channels_are_listed_as_the_events_named_them() -> None:
    desk = Desk()
    desk.call()
    start, first, second, complete = desk.ask("CoreShowChannels")
    assert start["EventList"] == ["start"]
    assert first["Channel"] == ["PJSIP/panel-1-00000001"]
    assert second["ChannelStateDesc"] == ["Down"]
    assert complete["ListItems"] == ["2"]


def test_an_account_sees_and_steers_its_sites_only() -> None:
    desk = Desk(frozenset({OFFICE}))
    desk.call(OFFICE)
    desk.call(HOUSE)
    assert desk.ask("CoreShowChannels")[-1]["ListItems"] == ["2"]
    assert desk.ask("CoreStatus")[0]["CoreCurrentCalls"] == ["1"]
    assert desk.ask("Hangup", Channel="PJSIP/private-00000003")[0]["Message"] == ["No such channel"]
    assert desk.control.hung_up == []
    endpoints = [m["ObjectName"] for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m]
    assert endpoints == [["panel-1"], ["kari-phone"]]
    desk.ask("Reload")
    assert desk.control.reloaded == [frozenset({OFFICE})]


def test_hang_up() -> None:
    desk = Desk()
    desk.call()
    assert desk.ask("Hangup")[0]["Message"] == ["No channel specified"]
    assert desk.ask("Hangup", Channel="PJSIP/9")[0]["Message"] == ["No such channel"]
    assert desk.ask("Hangup", Channel="PJSIP/kari-phone-00000002")[0]["Message"] == ["Channel Hungup"]
    assert desk.control.hung_up == [("c-office.example", "l1")]
    desk.control.alive = False
    assert desk.ask("Hangup", Channel="PJSIP/kari-phone-00000002")[0]["Response"] == ["Error"]


def test_endpoints_tell_their_state_and_a_house_only_its_own() -> None:
    desk = Desk()
    desk.call()
    entries = {m["ObjectName"][0]: m for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m}
    assert set(entries) == {"panel-1", "kari-phone", "gate"}
    assert entries["panel-1"]["DeviceState"] == ["In use"]
    assert entries["kari-phone"]["DeviceState"] == ["Ringing"]
    assert entries["kari-phone"]["Contacts"] == ["kari-phone/sip:kari@127.0.0.1:5062,"]
    assert entries["gate"]["DeviceState"] == ["Unavailable"]
    desk.call(HOUSE)
    assert desk.ask("PJSIPShowEndpoints")[3]["DeviceState"] == ["Unavailable"]


def test_settings_and_status() -> None:
    desk = Desk()
    (settings,) = desk.ask("CoreSettings")
    assert settings["AsteriskVersion"] == ["22.0.0"]
    (status,) = desk.ask("CoreStatus")
    assert status["CoreStartupDate"] == ["2026-11-22"]


def test_reload_answers_when_it_is_done() -> None:
    desk = Desk()
    (answer,) = desk.ask("Reload")
    assert answer["ActionID"] == ["1"]
    assert answer["Message"] == ["Module Reloaded"]
    assert answer["Revision"] == ["office.example=7"]
    desk.control.fault = "button 12: nobody to ring"
    (answer,) = desk.ask("Reload")
    assert answer["Response"] == ["Error"]
    assert answer["Message"] == ["office.example: button 12: nobody to ring"]


def test_full_boot_is_told_with_uptime() -> None:
    assert dict(Desk().actions.booted()) == {"Uptime": "0", "LastReload": "0", "Status": "Fully Booted"}


@pytest.mark.parametrize("line", ["core show channels", "core show channels count", "core show version"])
def test_commands_answer_with_output_lines(line: str) -> None:
    (answer,) = Desk().ask("Command", Command=line)
    assert answer["Response"] == ["Success"]
    assert answer["Message"] == ["Command output follows"]
    assert answer["Output"]


def test_an_unknown_command_is_an_error() -> None:
    (answer,) = Desk().ask("Command", Command="module unload everything")
    assert answer["Response"] == ["Error"]
    assert answer["Output"] == ["No such command 'module unload everything'"]


def test_a_talking_endpoint_is_in_use() -> None:
    desk = Desk()
    desk.call()
    channel = desk.book.find("c-office.example", "l1")
    assert channel is not None
    channel.state = UP
    entries = {m["ObjectName"][0]: m for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m}
    assert entries["kari-phone"]["DeviceState"] == ["In use"]


def test_user_events_reach_the_senders_sites_only() -> None:
    desk = Desk(frozenset({OFFICE}))
    (answer,) = desk.ask("UserEvent", UserEvent="Lunch", Where="roof", **{"Bad Name": "x"})
    assert answer["Message"] == ["Event Sent"]
    (event,) = desk.told()
    assert (event["UserEvent"], event["Where"]) == (["Lunch"], ["roof"])
    assert desk._told[0].site == OFFICE
    assert desk.ask("UserEvent", UserEvent="x", Site=HOUSE)[0]["Response"] == ["Error"]
    assert desk.ask("UserEvent")[0]["Message"] == ["No UserEvent specified"]


def test_nobody_else_says_that_a_door_opened() -> None:
    (answer,) = Desk().ask("UserEvent", UserEvent="DoorOpened", Door="front")
    assert answer["Response"] == ["Error"]

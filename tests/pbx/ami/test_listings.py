from __future__ import annotations

import pytest

from tests.support.ami import HOUSE, OFFICE
from tests.support.ami_desk import Desk

LISTS = {
    "CoreShowChannels": ("CoreShowChannel", "CoreShowChannelsComplete"),
    "DeviceStateList": ("DeviceStateChange", "DeviceStateListComplete"),
    "PJSIPShowContacts": ("ContactList", "ContactListComplete"),
    "PJSIPShowEndpoints": ("EndpointList", "EndpointListComplete"),
    "PJSIPShowRegistrationsOutbound": (
        "OutboundRegistrationDetail", "OutboundRegistrationDetailComplete"
    ),
    "SIPpeers": ("PeerEntry", "PeerlistComplete"),
    "Status": ("Status", "StatusComplete"),
}


@pytest.mark.parametrize("action", LISTS)
def test_every_list_has_asterisks_frame(action: str) -> None:
    desk = Desk()
    desk.call()
    start, *items, complete = desk.ask(action)
    event, end = LISTS[action]
    assert (start["Response"], start["EventList"]) == (["Success"], ["start"])
    assert all(item["Event"] == [event] for item in items)
    assert (complete["Event"], complete["EventList"]) == ([end], ["Complete"])
    assert complete["ListItems"] == [str(len(items))]
    assert all(message["ActionID"] == ["1"] for message in (start, *items, complete))


@pytest.mark.parametrize("action", LISTS)
def test_no_list_names_a_resident(action: str) -> None:
    desk = Desk()
    desk.call(HOUSE)
    said = str(desk.ask(action)).lower()
    assert "ola" not in said
    assert "4711" not in said


@pytest.mark.parametrize("action", LISTS)
def test_no_list_shows_another_site(action: str) -> None:
    desk = Desk(frozenset({HOUSE}))
    desk.call(OFFICE)
    assert "kari" not in str(desk.ask(action))


def test_device_states() -> None:
    desk = Desk()
    desk.call()
    states = {m["Device"][0]: m["State"][0] for m in desk.ask("DeviceStateList") if "Device" in m}
    assert states == {"PJSIP/panel-1": "INUSE", "PJSIP/kari-phone": "RINGING", "PJSIP/gate": "UNAVAILABLE"}


def test_the_status_of_one_channel() -> None:
    desk = Desk()
    desk.call()
    start, one, complete = desk.ask("Status", Channel="PJSIP/kari-phone-00000002")
    assert start["Message"] == ["Channel status will follow"]
    assert (one["Privilege"], one["ChannelStateDesc"]) == (["Call"], ["Down"])
    assert complete["Items"] == ["1"]
    assert desk.ask("Status", Channel="PJSIP/9")[0]["Message"] == ["No such channel"]

"""Trunks as operators' tools expect them, and only for logins that are bound to no site."""

from __future__ import annotations

from pbx.ami.carriers import registry
from pbx.facts import TrunkChanged
from pbx.trunks.trunk import TrunkShown
from tests.support.ami import OFFICE
from tests.support.ami_desk import Desk

UP = TrunkShown("first", "First", "registering", "sip.a", "me", "Registered", "", 2)
DOWN = TrunkShown("second", "Second", "registering", "sip.b", "me", "Rejected", "403 Forbidden", 0)
PEER = TrunkShown("third", "Third", "peered", "192.0.2.1", "", "Reachable", "", 0)


def desk(sites: frozenset[str] | None = None) -> Desk:
    one = Desk(sites)
    one.control.carriers = [UP, DOWN, PEER]
    return one


def test_registrations_as_asterisk_lists_them() -> None:
    answer, first, second, complete = desk().ask("PJSIPShowRegistrationsOutbound")
    assert answer["Message"] == ["Following are Events for each Outbound registration"]
    assert first["Event"] == ["OutboundRegistrationDetail"]
    assert (first["ObjectName"], first["Status"]) == (["first"], ["Registered"])
    assert second["Status"] == ["Rejected"]
    assert (complete["Registered"], complete["NotRegistered"]) == (["1"], ["1"])


def test_all_of_them_with_their_causes() -> None:
    shown = desk().ask("TrunkList")[1:-1]
    assert [(one["Trunk"], one["State"], one["Calls"]) for one in shown] == [
        (["first"], ["Registered"], ["2"]),
        (["second"], ["Rejected"], ["0"]),
        (["third"], ["Reachable"], ["0"]),
    ]
    assert shown[1]["Cause"] == ["403 Forbidden"]
    output = desk().ask("Command", Command="pjsip show registrations")[0]["Output"]
    assert any("sip:sip.a" in line for line in output)


def test_a_login_of_a_site_sees_none() -> None:
    bound = desk(frozenset({OFFICE}))
    assert len(bound.ask("TrunkList")) == 2
    assert len(bound.ask("PJSIPShowRegistrationsOutbound")) == 2
    assert bound.ask("Command", Command="pjsip show registrations")[0]["Output"] == ["No objects found."]


def test_events_of_both_kinds() -> None:
    name, fields = registry(TrunkChanged("first", "registering", "sip.a", "me", "Rejected", "403"))
    assert (name, dict(fields)["Status"]) == ("Registry", "Rejected")
    assert dict(fields)["Username"] == "sip:me@sip.a"
    name, fields = registry(TrunkChanged("third", "peered", "192.0.2.1", "", "Reachable", ""))
    assert (name, dict(fields)) == (
        "PeerStatus",
        {"ChannelType": "PJSIP", "Peer": "PJSIP/third", "PeerStatus": "Reachable"},
    )

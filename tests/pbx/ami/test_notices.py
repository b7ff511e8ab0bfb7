from __future__ import annotations

from collections.abc import Iterable

import pytest

from pbx.ami.channels import ChannelBook
from pbx.ami.conversation import Notice
from pbx.ami.notices import Notices
from pbx.facts import (
    AlarmCleared,
    AlarmRaised,
    AuthFailed,
    CallEnded,
    CallStarted,
    DigitPressed,
    DoorFailed,
    DoorHeld,
    DoorOpened,
    DoorReleased,
    EndReason,
    Fact,
    LegAnswered,
    LegEnded,
    LegPlaced,
    LegRang,
    LegsConnected,
    LockdownBegan,
    LockdownEnded,
    PlanLoaded,
    Registered,
    Unregistered,
)
from tests.support.ami import AT, HOUSE, OFFICE, FakeControl, Message, parse


class Ear:
    """Hears every event of every class and site."""

    def __init__(self, audience: int = 1) -> None:
        self.control = FakeControl()
        self.book = ChannelBook(self.control, lambda: AT)
        self.sent: list[Notice] = []
        self.notices = Notices(self.control, self.book, lambda: AT, self.sent.append, lambda: audience)

    def tell(self, *facts: Fact) -> list[Message]:
        self.sent.clear()
        for fact in facts:
            self.notices(fact)
        return parse("".join(notice.data.decode() for notice in self.sent))


def visit(site: str, caller: str, *callees: str) -> list[Fact]:
    """A call that rings at every callee, is answered by the first, opens the door and ends."""
    legs = {f"l{index}": device for index, device in enumerate(callees, 1)}
    facts: list[Fact] = [CallStarted(site, "c1", "l0", caller, "201", "Nordmann", caller)]
    facts += [LegPlaced(site, "c1", leg, device) for leg, device in legs.items()]
    facts += [LegRang(site, "c1", leg) for leg in legs]
    facts += [LegAnswered(site, "c1", "l1")]
    others = [leg for leg in legs if leg != "l1"]
    facts += [LegEnded(site, "c1", leg, legs[leg], EndReason.ANSWERED_ELSEWHERE) for leg in others]
    facts += [LegsConnected(site, "c1", "l0", "l1"), DigitPressed(site, "c1", "l1", "5", "rfc4733")]
    facts += [DoorOpened(site, "front", "visitor_call", "c1")]
    facts += [LegEnded(site, "c1", "l1", callees[0], EndReason.NORMAL)]
    facts += [LegEnded(site, "c1", "l0", caller, EndReason.NORMAL)]
    facts += [CallEnded(site, "c1", caller, EndReason.NORMAL, 2.0, 9.0)]
    return facts


def names(messages: Iterable[Message]) -> list[str]:
    return [message["Event"][0] for message in messages]


def test_a_visit_in_an_office_is_told_as_asterisk_tells_it() -> None:
    ear = Ear()
    heard = ear.tell(*visit(OFFICE, "d-panel", "d-kari"))
    assert names(heard) == [
        "Newchannel",
        "DeviceStateChange",
        "Newchannel",
        "NewConnectedLine",
        "DialBegin",
        "Newstate",
        "DialState",
        "DeviceStateChange",
        "Newstate",
        "DialEnd",
        "DeviceStateChange",
        "Newstate",
        "NewConnectedLine",
        "BridgeCreate",
        "BridgeEnter",
        "BridgeEnter",
        "DTMFBegin",
        "DTMFEnd",
        "UserEvent",
        "BridgeLeave",
        "Hangup",
        "DeviceStateChange",
        "BridgeLeave",
        "BridgeDestroy",
        "Hangup",
        "DeviceStateChange",
        "Cdr",
    ]
    assert len(ear.book) == 0


def test_channels_are_named_and_linked() -> None:
    heard = Ear().tell(*visit(OFFICE, "d-panel", "d-kari"))
    caller, callee = (message for message in heard if message["Event"] == ["Newchannel"])
    assert caller["Channel"] == ["PJSIP/panel-1-00000001"]
    assert caller["Exten"] == ["201"]
    assert caller["CallerIDName"] == ["Front door"]
    assert callee["Channel"] == ["PJSIP/kari-phone-00000002"]
    assert callee["CallerIDNum"] == ["101"]
    assert callee["ConnectedLineNum"] == ["100"]
    epoch = int(AT.timestamp())
    assert caller["Uniqueid"] == caller["Linkedid"] == callee["Linkedid"] == [f"{epoch}.1"]
    assert callee["Uniqueid"] == [f"{epoch}.2"]


def test_dial_events_carry_both_sides_and_the_outcome() -> None:
    heard = Ear().tell(*visit(OFFICE, "d-panel", "d-kari", "d-other"))
    ends = [message for message in heard if message["Event"] == ["DialEnd"]]
    assert [end["DialStatus"] for end in ends] == [["ANSWER"], ["CANCEL"]]
    assert ends[0]["Channel"] == ["PJSIP/panel-1-00000001"]
    assert ends[0]["DestChannel"] == ["PJSIP/kari-phone-00000002"]
    assert ends[0]["DestChannelStateDesc"] == ["Up"]
    causes = [m["Cause"] for m in heard if m["Event"] == ["Hangup"]]
    assert causes == [["26"], ["16"], ["16"]]


@pytest.mark.parametrize(
    ("reason", "status", "cause"),
    [
        (EndReason.BUSY, "BUSY", "17"),
        (EndReason.NO_ANSWER, "NOANSWER", "19"),
        (EndReason.DECLINED, "BUSY", "21"),
        (EndReason.UNREACHABLE, "CHANUNAVAIL", "20"),
        (EndReason.OVERLOAD, "CONGESTION", "34"),
    ],
)
def test_a_leg_that_does_not_answer(reason: EndReason, status: str, cause: str) -> None:
    ear = Ear()
    ear.tell(*visit(OFFICE, "d-panel", "d-kari")[:3])
    end, hangup, state = ear.tell(LegEnded(OFFICE, "c1", "l1", "d-kari", reason))
    assert end["DialStatus"] == [status]
    assert hangup["Cause"] == [cause]
    assert hangup["Cause-txt"] == [reason.text]
    assert state["State"] == ["NOT_INUSE"]


def test_device_states_follow_the_call() -> None:
    heard = Ear().tell(*visit(OFFICE, "d-panel", "d-kari"))
    states = [m["Device"] + m["State"] for m in heard if m["Event"] == ["DeviceStateChange"]]
    kari, panel = "PJSIP/kari-phone", "PJSIP/panel-1"
    assert states == [
        [panel, "INUSE"],
        [kari, "RINGING"],
        [kari, "INUSE"],
        [kari, "NOT_INUSE"],
        [panel, "NOT_INUSE"],
    ]


def test_a_visit_in_a_house_names_nobody() -> None:
    ear = Ear()
    heard = ear.tell(*visit(HOUSE, "h-panel", "h-ola"))
    text = "".join(notice.data.decode() for notice in ear.sent)
    for secret in ("ola", "Ola", "Hansen", "4711", "gate", "Gate", "h-panel", "h-ola", "201", "Nordmann"):
        assert secret not in text
    assert "DTMFEnd" not in names(heard)
    assert "DeviceStateChange" not in names(heard)
    assert "DialEnd" in names(heard)
    assert {m["Channel"][0] for m in heard if "Channel" in m} == {
        "PJSIP/private-00000001",
        "PJSIP/private-00000002",
    }


def test_a_door_event_in_a_house_is_door_method_and_result() -> None:
    ear = Ear()
    ear.tell(*visit(HOUSE, "h-panel", "h-ola")[:3])
    opened, failed = ear.tell(
        DoorOpened(HOUSE, "gate-door", "visitor_call", "c1"),
        DoorFailed(HOUSE, "gate-door", "app", None, "Ola Hansen may not"),
    )
    expected = {"Event", "Privilege", "UserEvent", "Site", "Door", "Method", "Result"}
    assert set(opened) == set(failed) == expected
    assert (opened["UserEvent"], opened["Result"]) == (["DoorOpened"], ["opened"])
    assert (failed["UserEvent"], failed["Result"]) == (["DoorFailed"], ["failed"])


def test_a_door_event_in_an_office_names_its_call() -> None:
    ear = Ear()
    ear.tell(*visit(OFFICE, "d-panel", "d-kari")[:3])
    (opened,) = ear.tell(DoorOpened(OFFICE, "front", "visitor_call", "c1"))
    assert opened["Linkedid"] == [f"{int(AT.timestamp())}.1"]
    (failed,) = ear.tell(DoorFailed(OFFICE, "front", "app", None, "no controller"))
    assert failed["Detail"] == ["no controller"]


def registered(site: str, device: str, *, fresh: bool = True) -> Registered:
    return Registered(site, device, "sip:x@127.0.0.1:5062", "udp", "127.0.0.1:5062", "Phone", 300, fresh)


def test_registrations() -> None:
    ear = Ear()
    contact, peer, state = ear.tell(registered(OFFICE, "d-kari"))
    assert contact["ContactStatus"] == ["NonQualified"]
    assert contact["EndpointName"] == ["kari-phone"]
    assert (peer["Peer"], peer["PeerStatus"]) == (["PJSIP/kari-phone"], ["Reachable"])
    assert state["State"] == ["NOT_INUSE"]
    assert ear.tell(registered(OFFICE, "d-kari", fresh=False)) == []
    assert ear.tell(registered(OFFICE, "d-nobody")) == []


def test_a_device_is_away_when_its_last_contact_is_gone() -> None:
    ear = Ear()
    gone = Unregistered(OFFICE, "d-kari", "sip:x@127.0.0.1:5062", "expired")
    assert names(ear.tell(gone)) == ["ContactStatus"]
    away = Unregistered(OFFICE, "d-panel", "sip:x@127.0.0.1:5063", "expired")
    contact, peer, state = ear.tell(away)
    assert contact["ContactStatus"] == ["Removed"]
    assert peer["PeerStatus"] == ["Unreachable"]
    assert state["State"] == ["UNAVAILABLE"]


def test_a_house_tells_of_its_own_devices_only() -> None:
    ear = Ear()
    assert ear.tell(registered(HOUSE, "h-ola")) == []
    heard = ear.tell(registered(HOUSE, "h-panel"))
    assert names(heard) == ["ContactStatus", "PeerStatus", "DeviceStateChange"]


def test_a_site_that_does_not_run_counts_as_private() -> None:
    ear = Ear()
    (started,) = ear.tell(CallStarted("gone.example", "c1", "l0", "d-kari", "201", "Kari", None))
    assert started["Channel"] == ["PJSIP/private-00000001"]


def test_failed_log_ins_and_loaded_plans() -> None:
    ear = Ear()
    (failed,) = ear.tell(AuthFailed(OFFICE, "kari\r\nEvent: x", "192.0.2.1", "udp", "wrong secret"))
    assert failed["AccountID"] == ["kari Event: x"]
    assert failed["RemoteAddress"] == ["UDP/192.0.2.1"]
    reload, loaded = ear.tell(PlanLoaded(OFFICE, 12))
    assert reload["Event"] == ["Reload"]
    assert (loaded["UserEvent"], loaded["Revision"]) == (["PlanLoaded"], ["12"])


def test_with_nobody_listening_channels_are_kept_all_the_same() -> None:
    ear = Ear(audience=0)
    assert ear.tell(*visit(OFFICE, "d-panel", "d-kari")[:4]) == []
    assert len(ear.book) == 2


def test_a_call_that_ends_leaves_no_channel() -> None:
    ear = Ear()
    ear.tell(*visit(OFFICE, "d-panel", "d-kari", "d-other")[:4])
    heard = ear.tell(CallEnded(OFFICE, "c1", "d-panel", EndReason.TIMEOUT, 1.0, 0.0))
    assert names(heard).count("Hangup") == 3
    assert len(ear.book) == 0
    assert ear.tell(LegRang(OFFICE, "c1", "l1"), LegAnswered(OFFICE, "c1", "l1")) == []
    assert ear.tell(LegsConnected(OFFICE, "c1", "l0", "l1")) == []
    assert ear.tell(DigitPressed(OFFICE, "c1", "l1", "5", "info")) == []


def test_alarms_and_the_states_of_doors_are_user_events() -> None:
    heard = Ear().tell(
        AlarmRaised(OFFICE, "tamper", "d-panel", "opened"),
        AlarmCleared(OFFICE, "tamper", "d-panel", "shut"),
        LockdownBegan(HOUSE, "gate", "op", "2026-11-22T13:00:00+00:00"),
        LockdownEnded(HOUSE, "gate", ""),
        DoorHeld(OFFICE, "front", "hold"),
        DoorReleased(OFFICE, "front"),
    )
    assert [message["UserEvent"][0] for message in heard] == [
        "AlarmRaised", "AlarmCleared", "DoorLocked", "DoorUnlocked", "DoorHeld", "DoorReleased"
    ]
    assert heard[2]["By"] == ["op"]


def test_an_operators_first_party_rings_before_it_is_in_use() -> None:
    heard = Ear().tell(
        CallStarted(OFFICE, "c1", "l0", "d-kari", "100", "Front door", None, True),
        LegRang(OFFICE, "c1", "l0"),
        LegAnswered(OFFICE, "c1", "l0"),
    )
    states = [m["ChannelStateDesc"][0] for m in heard if m["Event"][0] in ("Newchannel", "Newstate")]
    assert states == ["Down", "Ringing", "Up"]
    assert [m["State"][0] for m in heard if "State" in m] == ["RINGING", "INUSE"]

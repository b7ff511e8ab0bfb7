from __future__ import annotations

import pytest

from pbx.ami.entrances import _agent
from pbx.control import Contact, Refusal, ServiceShown
from tests.support.ami import HOUSE, OFFICE
from tests.support.ami_desk import Desk


def test_doors_and_panels_of_the_sites_an_account_sees() -> None:
    desk = Desk(frozenset({OFFICE}))
    assert [m["Door"] for m in desk.ask("DoorList") if "Door" in m] == [["front"]]
    assert [m["Panel"] for m in desk.ask("PanelList") if "Panel" in m] == [["panel-1"]]
    everything = Desk()
    assert everything.ask("DoorList")[-1]["ListItems"] == ["2"]
    assert everything.ask("PanelList", Site=HOUSE)[-1]["ListItems"] == ["1"]
    kinds = [m["Kind"] for m in everything.ask("PanelList", Kind="all") if "Kind" in m]
    assert kinds == [["panel"], ["panel"]]


def test_a_door_opens_by_the_accounts_authority() -> None:
    desk = Desk()
    assert desk.ask("DoorOpen", Door="front")[0]["Message"] == ["Door opened"]
    assert desk.control.desk.did == [("open", OFFICE, "front", "op")]


@pytest.mark.parametrize(
    ("door", "message"), [("", "No door specified"), ("gate", "No such door"), ("back", "No such door")]
)
def test_no_door_of_another_site(door: str, message: str) -> None:
    desk = Desk(frozenset({OFFICE}))
    for action in ("DoorOpen", "DoorLock"):
        assert desk.ask(action, Door=door)[0]["Message"] == [message]
    assert desk.control.desk.did == []


def test_what_cannot_be_done_is_an_error_with_the_reason() -> None:
    desk = Desk()
    desk.control.desk.why = Refusal("unreachable")
    assert desk.ask("DoorOpen", Door="front")[0]["Message"] == ["Door not opened: unreachable"]
    assert desk.ask("DoorLock", Door="front")[0]["Message"] == ["Door not locked: unreachable"]
    assert desk.ask("PanelRestart", Panel="gate")[0]["Message"] == ["Panel not restarted: unreachable"]
    assert desk.ask("PanelRestart", Panel="kari-phone")[0]["Message"] == ["No such panel"]


def test_a_lock_and_a_restart() -> None:
    desk = Desk()
    assert desk.ask("DoorLock", Door="front")[0]["Response"] == ["Success"]
    assert desk.ask("PanelRestart", Panel="panel-1")[0]["Response"] == ["Success"]
    assert desk.ask("DoorLock", Door="front", Seconds="0")[0]["Message"] == ["Door unlocked"]
    desk.ask("DoorLock", Door="front", Seconds="60", By="kari@example.no")
    assert desk.ask("DoorLock", Door="front", Seconds="-1")[0]["Response"] == ["Error"]
    assert desk.control.desk.did == [
        ("lock", OFFICE, "front", "3600", "op"),
        ("restart", OFFICE, "d-panel"),
        ("lock", OFFICE, "front", "0", "op"),
        ("lock", OFFICE, "front", "60", "op: kari@example.no"),
    ]


def test_service_mode_of_a_panel() -> None:
    desk = Desk()
    wrong = desk.ask("PanelService", Panel="panel-1", Seconds="")
    assert wrong[0]["Message"] == ["Invalid number of seconds"]
    assert desk.ask("PanelService", Panel="nobody", Seconds="60")[0]["Message"] == ["No such panel"]
    begun = desk.ask("PanelService", Panel="panel-1", Seconds="60", By="kari@example.no")
    assert begun[0]["Message"] == ["Panel in service mode"]
    assert desk.ask("PanelPicture", Panel="panel-1")[0]["Response"] == ["Success"]
    assert desk.ask("PanelService", Panel="panel-1", Seconds="0")[0]["Message"] == ["Service mode ended"]
    assert desk.control.desk.did == [
        ("serve", OFFICE, "d-panel", "60", "op: kari@example.no"),
        ("picture", OFFICE, "d-panel"),
        ("serve", OFFICE, "d-panel", "0", "op"),
    ]
    desk.control.desk.why = Refusal("not in service mode")
    assert desk.ask("PanelPicture", Panel="panel-1")[0]["Message"] == ["No picture: not in service mode"]
    shown = ServiceShown("2026-11-22T12:05:00+00:00", "op", True, 2, "2026-11-22T12:01:00+00:00")
    desk.control.desk.served[OFFICE, "d-panel"] = shown
    one, other = (m for m in desk.ask("PanelList") if "Panel" in m)
    assert (one["ServiceBy"], one["Announced"], one["Picture"]) == (["op"], ["Yes"], ["2"])
    assert "ServiceUntil" not in other


def test_a_panel_is_its_agent_before_the_browser_on_its_screen() -> None:
    agent, page = (
        Contact("sip:x", f"192.0.2.1:{port}", "udp", name, 60)
        for port, name in ((5060, "Doorline intercom/0.1.0"), (443, "Doorline"))
    )
    assert [_agent(each) for each in ((agent, page), (page,), ())] == [agent, page, None]
